// The menu that puts one thing, chosen rows or a whole result into a queue.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { type Interaction, queuesApi } from '../api/queues';
import { tToQueue } from '../i18n/choosing';
import { f } from '../i18n/language';
import { author } from '../lib/author';
import { latestOf } from '../lib/latest';
import { withoutTimes } from '../lib/rule';
import { Menu } from './Menu';
import { problemWords } from './Notice';

// Items, the rows of a list, or a way to find the items.
export type ForQueue =
  Interaction[] | { filter: string } | { gather: () => Promise<Interaction[]> };

interface Props {
  what: () => ForQueue;
  title: string;
  // Written on the button; else the icon stands alone.
  text?: string;
}

export function AddToQueue(props: Props): JSX.Element {
  return (
    <Menu label={tToQueue().add} icon="queue" testId="add-to-queue"
      {...(props.text ? { text: props.text } : {})}>
      {() => <AddForm what={props.what} title={props.title} />}
    </Menu>
  );
}

function AddForm(props: Props): JSX.Element {
  const words = () => tToQueue();
  const number = (n: number) => f().number(n);
  const [queues, { refetch }] = createResource(() => queuesApi.list().catch(() => []));
  const [done, setDone] = createSignal<{ text: string; id: string } | null>(null);
  const [problem, setProblem] = createSignal('');
  const isList = () => {
    const what = props.what();
    return !Array.isArray(what) && 'filter' in what;
  };
  const put = async (id: string, sample: number, keepOn: boolean) => {
    const what = props.what();
    if (Array.isArray(what) || 'gather' in what) {
      const items = Array.isArray(what) ? what : await what.gather();
      const { added, known } = await queuesApi.add(id, items, author());
      return words().added(number(added), number(known));
    }
    const told = await queuesApi.addList(id, what.filter, sample, author());
    if (keepOn) {
      await queuesApi.setRule(id, { filter: withoutTimes(what.filter), sample }, author());
    }
    return [
      words().added(number(told.added), number(told.known + told.repeated)),
      told.sampled_out + told.unnamed > 0
        ? words().leftOut(number(told.sampled_out), number(told.unnamed)) : '',
      told.more ? words().moreFit : '',
    ].join(' ');
  };
  const add = async (name: string, sample: number, keepOn: boolean) => {
    try {
      const known = (await queuesApi.list()).find((one) => one.attributes.name === name);
      const id = (known ?? await queuesApi.make({ name, author: author() })).id;
      if (!known) void refetch();
      setDone({ id, text: await put(id, sample, keepOn) });
      setProblem('');
    } catch (error) {
      setDone(null);
      setProblem(problemWords(error));
    }
  };
  return (
    <form class="saved-views" data-testid="queue-form" onSubmit={(event) => {
      event.preventDefault();
      const data = new FormData(event.currentTarget);
      void add(String(data.get('queue')).trim(), Number(data.get('sample') ?? 100) / 100,
        data.has('keep-on'));
    }}>
      <p class="quiet">{props.title}</p>
      <label>{words().choose}
        <input name="queue" required maxLength={200} list="queue-names" autocomplete="off" /></label>
      <datalist id="queue-names">
        <For each={latestOf(queues) ?? []}>{(one) => <option value={one.attributes.name} />}</For>
      </datalist>
      <Show when={isList()}>
        <label>{words().sample}
          <input name="sample" type="number" min={0.1} max={100} step="any" value={100} required />
        </label>
        <label><input name="keep-on" type="checkbox" />{' '}{words().keepOn}</label>
      </Show>
      <button type="submit" class="primary">{words().add}</button>
      <p role="status" classList={{ bad: problem() !== '' }} dir="auto">{problem()}
        <Show when={done()}>
          {(said) => <>{said().text}{' '}<A href={`/queues/${said().id}`}>{words().open}</A></>}
        </Show></p>
    </form>
  );
}
