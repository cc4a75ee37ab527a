// What came of a queue: how far people agree, where they differ, and its way into a dataset.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { datasetsApi } from '../api/datasets';
import { type LabelAgreement, type Queue, queuesApi } from '../api/queues';
import { tDatasets } from '../i18n/datasets';
import { tFeedback } from '../i18n/feedback';
import { f } from '../i18n/language';
import { tQueues } from '../i18n/queues';
import { author } from '../lib/author';
import { coefficient, share } from '../lib/figures';
import { latestOf } from '../lib/latest';
import { problemWords } from './Notice';

export function QueueAgreement(props: { labels: LabelAgreement[]; queue: string }): JSX.Element {
  const words = () => tQueues().results;
  const compared = () => props.labels.filter((one) => one.items > 0 || one.automatic);
  return (
    <section>
      <h2>{words().title}</h2>
      <Show when={compared().length > 0} fallback={<p class="quiet">{words().none}</p>}>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
          <table class="pairs cost-table" data-testid="agreement">
            <thead><tr><th scope="col">{words().label}</th><th scope="col">{words().pair}</th>
              <th scope="col">{words().items}</th><th scope="col">{words().agreement}</th>
              <th scope="col">{words().kappa}</th><th scope="col">{words().alpha}</th></tr></thead>
            <tbody><For each={compared()}>{(one) => <LabelRows label={one} />}</For></tbody>
          </table>
        </div>
        <For each={compared().filter((one) => one.disagreements_total > 0)}>
          {(one) => <Differences label={one} queue={props.queue} />}</For>
      </Show>
    </section>
  );
}

function LabelRows(props: { label: LabelAgreement }): JSX.Element {
  const pair = (who: string, two: { items: number; same: number; kappa: number | null }) => (
    <tr><td /><td><bdi>{who}</bdi></td><td class="num">{f().number(two.items)}</td>
      <td class="num">{share(two.items > 0 ? two.same / two.items : null)}</td>
      <td class="num">{coefficient(two.kappa)}</td><td /></tr>);
  return (
    <>
      <tr><th scope="row"><bdi>{props.label.name}</bdi></th><td />
        <td class="num">{f().number(props.label.items)}</td>
        <td class="num">{share(props.label.agreement)}</td><td />
        <td class="num">{coefficient(props.label.alpha)}</td></tr>
      <For each={props.label.pairs}>{(two) => pair(`${two.one} – ${two.other}`, two)}</For>
      <Show when={props.label.automatic}>
        {(two) => pair(tQueues().results.evaluator(two().evaluation), two())}</Show>
    </>
  );
}

function Differences(props: { label: LabelAgreement; queue: string }): JSX.Element {
  return (
    <details class="section" data-testid="differences">
      <summary><h3><bdi>{props.label.name}</bdi>: {tQueues().results.differ(
        f().number(props.label.disagreements_total))}</h3></summary>
      <ul class="dataset-versions">
        <For each={props.label.disagreements}>
          {(item) => (
            <li><A class="link" href={`/queues/${props.queue}/review?item=${item.id}`}>
              {tQueues().list.types[item.type]} <bdi class="mono">{item.content_id}</bdi></A>{' '}
              <For each={item.answers}>{(one) => <span class="chip"><bdi>
                {one.reviewer || tFeedback().unnamed}: {one.value}</bdi></span>}</For>
              <Show when={item.automatic}>{(value) => <span class="chip"><bdi>
                {tQueues().results.evaluator('')}: {value()}</bdi></span>}</Show></li>
          )}
        </For>
      </ul>
    </details>
  );
}

export function QueueFiles(props: { queue: Queue }): JSX.Element {
  const words = () => tQueues().results;
  const [datasets] = createResource(() => datasetsApi.list().catch(() => []));
  const [done, setDone] = createSignal<{ text: string; id: string } | null>(null);
  const [problem, setProblem] = createSignal('');
  const make = async (form: FormData) => {
    const name = String(form.get('dataset')).trim();
    try {
      const known = (await datasetsApi.list()).find((one) => one.attributes.name === name);
      const id = (known ?? await datasetsApi.make(name, '')).id;
      const told = await queuesApi.makeDataset(
        props.queue.id, id, String(form.get('label')), author());
      const left = told.unanswered + told.sessions + told.missing + told.left_out;
      setProblem('');
      setDone({ id, text: words().made(f().number(told.inserted), f().number(told.duplicates),
        f().number(left)) });
    } catch (error) {
      setDone(null);
      setProblem(problemWords(error));
    }
  };
  return (
    <section>
      <p class="pane-actions">
        <a class="button" href={queuesApi.exportHref(props.queue.id, 'csv')} download=""
          data-testid="queue-csv">{words().exportCsv}</a>
        <a class="button" href={queuesApi.exportHref(props.queue.id, 'jsonl')} download="">
          {words().exportJsonl}</a></p>
      <form class="cost-fields" data-testid="queue-dataset" onSubmit={(event) => {
        event.preventDefault();
        void make(new FormData(event.currentTarget));
      }}>
        <label>{words().datasetName}
          <input name="dataset" required maxLength={200} list="dataset-names" autocomplete="off" />
        </label>
        <datalist id="dataset-names">
          <For each={latestOf(datasets) ?? []}>
            {(one) => <option value={one.attributes.name} />}</For>
        </datalist>
        <label>{words().expected}
          <select name="label"><option value="">{words().output}</option>
            <For each={props.queue.attributes.annotation_schema.label_schemas}>
              {(one) => <option value={one.name}>{one.name}</option>}</For>
          </select></label>
        <button type="submit" class="primary">{words().dataset}</button>
      </form>
      <p role="status" classList={{ bad: problem() !== '' }} dir="auto">{problem()}
        <Show when={done()}>{(said) => <>{said().text}{' '}
          <A href={`/datasets/${said().id}`}>{tDatasets().open}</A></>}</Show></p>
    </section>
  );
}
