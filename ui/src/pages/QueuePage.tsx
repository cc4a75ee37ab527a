// One queue: what it asks, what is in it, how far people agree; files out.
import { A, useParams } from '@solidjs/router';
import { createEffect, createResource, createSignal, For, type JSX, on, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type ItemState, type Label, type Queue, type QueueItem, queuesApi } from '../api/queues';
import { f } from '../i18n/language';
import { tQueues } from '../i18n/queues';
import { tCommon } from '../i18n/shell';
import { author } from '../lib/author';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { LabelEditor } from '../parts/LabelEditor';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { QueueAgreement, QueueFiles } from '../parts/QueueResults';
import { QueueRuleSection } from '../parts/QueueRule';

export default function QueuePage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [queue, { refetch }] = createResource(() => ({ id: params.id, key: key() }),
    (asked) => queuesApi.one(asked.id));
  useTitle(() => tQueues().title);
  return (
    <div class="page datasets queue-page">
      <p><A href="/queues" class="button">{tQueues().title}</A></p>
      <Show when={!queue.error} fallback={<ProblemNotice problem={queue.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={latestOf(queue)} fallback={<div class="skeleton skeleton-page" />}>
          {(one) => <QueueShown queue={one()} onChanged={() => void refetch()} />}
        </Show>
      </Show>
    </div>
  );
}

function QueueShown(props: { queue: Queue; onChanged: () => void }): JSX.Element {
  const words = () => tQueues();
  const said = () => props.queue.attributes;
  const [problem, setProblem] = createSignal('');
  const [agreement] = createResource(() => props.queue, (one) => queuesApi.agreement(one.id));
  const save = async (labels: Label[]) => {
    try {
      await queuesApi.change(props.queue.id,
        { annotation_schema: { label_schemas: labels }, author: author() });
      setProblem('');
      props.onChanged();
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return (
    <>
      <h1><bdi>{oneLine(said().name)}</bdi></h1>
      <p class="quiet" dir="auto">{said().description}</p>
      <p><A class="button primary" href={`/queues/${props.queue.id}/review`} data-testid="to-review">
        {words().review}</A>{' '}
      <span class="num">{f().number(said().done)} / {f().number(said().items)}</span>{' '}
      <span class="quiet">{words().done}; {words().reviewers}: {f().number(said().reviewers)}</span></p>
      <details class="section" open={said().annotation_schema.label_schemas.length === 0}>
        <summary><h2>{words().schema.title}</h2>
          <span class="quiet num">{words().schema.version(f().number(said().schema_version))}</span>
        </summary>
        <Show when={props.queue} keyed>
          {(one) => <LabelEditor labels={one.attributes.annotation_schema.label_schemas}
            onSave={(labels) => void save(labels)} />}</Show>
        <p role="status" class="bad" dir="auto">{problem()}</p>
        <Show when={said().schema_version > 1}><p class="quiet">{words().schema.apart}</p></Show>
      </details>
      <QueueRuleSection queue={props.queue.id} onAdded={() => props.onChanged()} />
      <QueueItems queue={props.queue} onChanged={() => props.onChanged()} />
      <Show when={!agreement.error && latestOf(agreement)}>
        {(found) => <QueueAgreement labels={found().labels} queue={props.queue.id} />}</Show>
      <QueueFiles queue={props.queue} />
    </>
  );
}

const states: ItemState[] = ['any', 'open', 'answered', 'skipped'];

function QueueItems(props: { queue: Queue; onChanged: () => void }): JSX.Element {
  const words = () => tQueues().list;
  const [state, setState] = createSignal<ItemState>('any');
  const [items, setItems] = createSignal<QueueItem[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const [removed, setRemoved] = createSignal<QueueItem | null>(null);
  const load = async (from: string | null) => {
    try {
      const page = await queuesApi.items(props.queue.id, author(), state(), from);
      setItems(from === null ? page.items : [...items(), ...page.items]);
      setNext(page.next);
      setProblem(null);
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  createEffect(on(() => [props.queue, state()], () => void load(null)));
  const remove = async (item: QueueItem) => {
    await queuesApi.removeItems(props.queue.id, [item.id]);
    setRemoved(item);
    props.onChanged();
  };
  const undo = async (item: QueueItem) => {
    await queuesApi.add(props.queue.id,
      [{ type: item.type === 'experiment_trace' ? 'trace' : item.type, content_id: item.content_id }],
      author());
    setRemoved(null);
    props.onChanged();
  };
  return (
    <section>
      <h2>{words().title}</h2>
      <label class="quiet">{words().state}{' '}
        <select value={state()} data-testid="item-state"
          onChange={(event) => setState(event.currentTarget.value as ItemState)}>
          <For each={states}>{(one) => <option value={one}>{words().states[one]}</option>}</For>
        </select></label>
      <Show when={problem()}>
        {(one) => <ProblemNotice problem={one()} onRetry={() => void load(null)} />}</Show>
      <p role="status"><Show when={removed()}>
        {(one) => <>{tQueues().removed(one().content_id)}{' '}
          <button type="button" class="link" data-testid="undo-item"
            onClick={() => void undo(one())}>{tCommon().undo}</button></>}</Show></p>
      <Show when={items().length > 0} fallback={<p class="empty">{words().none}</p>}>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
          <table class="pairs cost-table" data-testid="queue-items">
            <thead><tr><th scope="col">{words().what}</th><th scope="col">{words().answers}</th>
              <th scope="col">{words().mine}</th><td /></tr></thead>
            <tbody><For each={items()}>{(item) => <ItemRow item={item} queue={props.queue}
              onRemove={() => void remove(item)} />}</For></tbody>
          </table>
        </div>
        <Show when={next()}>{(from) => <button type="button" class="button"
          onClick={() => void load(from())}>{words().more}</button>}</Show>
      </Show>
    </section>
  );
}

function ItemRow(props: { item: QueueItem; queue: Queue; onRemove: () => void }): JSX.Element {
  const words = () => tQueues().list;
  const mine = () => {
    const answer = props.item.annotation;
    if (!answer) return '—';
    if (answer.skipped) return words().skipped;
    return answer.label_values.map((one) =>
      `${one.name_when_saved ?? ''}: ${String(one.value)}`).join('; ');
  };
  return (
    <tr>
      <th scope="row"><A href={`/queues/${props.queue.id}/review?item=${props.item.id}`}>
        {words().types[props.item.type]} <bdi class="mono">{oneLine(props.item.content_id)}</bdi></A></th>
      <td class="num">{f().number(props.item.answers)} / {f().number(props.queue.attributes.reviewers)}</td>
      <td><bdi>{oneLine(mine())}</bdi></td>
      <td><button type="button" class="link" onClick={() => props.onRemove()}
        aria-label={`${tQueues().remove}: ${props.item.content_id}`}>{tQueues().remove}</button></td>
    </tr>
  );
}
