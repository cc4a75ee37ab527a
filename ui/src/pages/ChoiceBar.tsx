// What can be done with the rows that are chosen: counted, put into a queue or a dataset, kept as
// a file. What that means for a list, the list says.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { Spans } from '../api/datasets';
import type { Interaction } from '../api/queues';
import { f, t } from '../i18n';
import type { Choice } from '../lib/choice';
import {
  exportAll, type ExportFormat, exportText, type FetchPage, type Sheet,
} from '../lib/export_rows';
import { AddToDataset, problemWords } from '../parts/DatasetParts';
import { AddToQueue, type ForQueue } from '../parts/AddToQueue';
import { save } from './ExportMenu';

export interface ChoiceUse<T> {
  // Of everything that matches; null while it is not known.
  total: number | null;
  toQueue: (everything: boolean, rows: T[]) => ForQueue;
  toDataset: (everything: boolean, rows: T[]) => Spans | { filter: string };
  // "traces": a part of the name of the file.
  name: string;
  sheet: Sheet<T>;
  fetchPage: (signal: AbortSignal) => FetchPage<T>;
}

// Everything of a list, page by page, as items of a queue.
export async function gathered<T>(
  fetchPage: FetchPage<T>, itemOf: (row: T) => Interaction, max: number,
): Promise<Interaction[]> {
  const items: Interaction[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<FetchPage<T>>> = await fetchPage(cursor);
    items.push(...page.rows.map(itemOf));
    cursor = page.next;
  } while (cursor && items.length < max);
  return items.slice(0, max);
}

export function ChoiceBar<T>(props: { choice: Choice<T>; use: ChoiceUse<T> }): JSX.Element {
  const words = () => t().queues.pick;
  const rows = () => props.choice.rows();
  const everything = () => props.choice.everything();
  const count = () => f().number(rows().length);
  const total = () => (props.use.total === null ? null : f().number(props.use.total));
  const [said, setSaid] = createSignal('');
  const keep = async (format: ExportFormat) => {
    const { signal } = new AbortController();
    const { sheet, name } = props.use;
    const tell = (n: number) => setSaid(t().exporting.progress(f().number(n)));
    try {
      const blob = everything()
        ? await exportAll(props.use.fetchPage(signal), format, signal, tell, sheet)
        : new Blob([exportText(rows(), format, true, sheet)]);
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      save(blob, `catalejo-${name}-${stamp}.${format}`);
      setSaid(t().exporting.file(f().bytes(blob.size)));
    } catch (error) {
      setSaid(problemWords(error));
    }
  };
  const title = () => (everything() ? t().queues.addResult : t().queues.addChosen(count()));
  const formats: ExportFormat[] = ['csv', 'jsonl'];
  return (
    <Show when={rows().length > 0}>
      <div class="choice-bar" role="toolbar" aria-label={words().bar} data-testid="choice-bar">
        <strong class="num" role="status" data-testid="chosen">
          {everything() ? words().every(total()) : words().chosen(count())}</strong>
        <button type="button" class="link" data-testid="choose-shown"
          onClick={() => props.choice.allShown()}>{words().allShown}</button>
        <Show when={!everything()}>
          <button type="button" class="link" data-testid="choose-everything"
            onClick={() => props.choice.chooseEverything()}>
            {words().allMatching(total())}</button></Show>
        <AddToQueue what={() => props.use.toQueue(everything(), rows())} title={title()}
          text={t().queues.add} />
        <AddToDataset what={() => props.use.toDataset(everything(), rows())} title={everything()
          ? t().annotate.datasets.addResult : title()} />
        <For each={formats}>
          {(format) => <button type="button" class="button" data-testid={`choice-${format}`}
            onClick={() => void keep(format)}>
            {format === 'csv' ? words().exportCsv : words().exportJsonl}</button>}
        </For>
        <span role="status" class="quiet">{said()}</span>
        <button type="button" class="link" data-testid="choose-none"
          onClick={() => props.choice.clear()}>{words().clear}</button>
      </div>
    </Show>
  );
}
