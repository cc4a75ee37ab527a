// What can be done with the rows that are chosen: counted, put into a queue or a dataset, kept as
// a file.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { Interaction } from '../api/queues';
import type { Row } from '../api/types';
import { f, t } from '../i18n';
import type { Choice } from '../lib/choice';
import { exportAll, type ExportFormat, exportText } from '../lib/export_rows';
import { type ListState, type Range, requestOf } from '../lib/url_state';
import { AddToDataset, problemWords } from '../parts/DatasetParts';
import { AddToQueue } from '../parts/AddToQueue';
import { save } from './ExportMenu';
import { pageFetcher } from './list_data';

const traceOf = (row: Row) => row.trace_id || row.apm_trace_id || '';

export function ChoiceBar(props: {
  choice: Choice; state: ListState; range: Range; total: number | null;
}): JSX.Element {
  const words = () => t().queues.pick;
  const rows = () => props.choice.rows();
  const count = () => f().number(rows().length);
  const [said, setSaid] = createSignal('');
  const filter = () => ({ filter: requestOf(props.state, props.range).toString() });
  const toQueue = (): Interaction[] | { filter: string } => (props.choice.everything() ? filter()
    : rows().map((row): Interaction => (props.state.view === 'traces'
      ? { type: 'trace', content_id: traceOf(row) }
      : { type: 'span', content_id: `${traceOf(row)}:${row.span_id}` })));
  const toDataset = () => (props.choice.everything() ? filter()
    : { spans: rows().map((row) => ({ trace_id: traceOf(row), span_id: row.span_id })) });
  const keep = async (format: ExportFormat) => {
    const { signal } = new AbortController();
    const tell = (n: number) => setSaid(t().exporting.progress(f().number(n)));
    try {
      const blob = props.choice.everything()
        ? await exportAll(pageFetcher(props.state, props.range, signal), format, signal, tell)
        : new Blob([exportText(rows(), format, true)]);
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      save(blob, `catalejo-${props.state.view}-${stamp}.${format}`);
      setSaid(t().exporting.file(f().bytes(blob.size)));
    } catch (error) {
      setSaid(problemWords(error));
    }
  };
  const title = () => (props.choice.everything() ? t().queues.addResult
    : t().queues.addChosen(count()));
  const formats: ExportFormat[] = ['csv', 'jsonl'];
  return (
    <Show when={rows().length > 0}>
      <div class="choice-bar" role="toolbar" aria-label={words().bar} data-testid="choice-bar">
        <strong class="num" role="status" data-testid="chosen">
          {props.choice.everything() && props.total !== null
            ? words().every(f().number(props.total)) : words().chosen(count())}</strong>
        <button type="button" class="link" data-testid="choose-shown"
          onClick={() => props.choice.allShown()}>{words().allShown}</button>
        <Show when={!props.choice.everything() && props.total !== null}>
          <button type="button" class="link" data-testid="choose-everything"
            onClick={() => props.choice.chooseEverything()}>
            {words().allMatching(f().number(props.total ?? 0))}</button></Show>
        <AddToQueue what={toQueue} title={title()} text={t().queues.add} />
        <AddToDataset what={toDataset} title={props.choice.everything()
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
