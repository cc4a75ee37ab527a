// What can be done with the rows that are chosen: counted, put into a queue or a dataset, kept as
// a file. What that means for a list, the list says.
import { createSignal, For, type JSX, Show } from 'solid-js';
import { tPick, tToQueue } from '../i18n/choosing';
import { tDatasets } from '../i18n/datasets';
import { f } from '../i18n/language';
import { tExporting } from '../i18n/list';
import type { Choice } from '../lib/choice';
import { exportAll, type ExportFormat, exportText } from '../lib/export_rows';
import { saveFile } from '../lib/save_file';
import { AddToDataset } from '../parts/DatasetParts';
import { AddToQueue } from '../parts/AddToQueue';
import { problemWords } from '../parts/Notice';
import type { ChoiceUse } from './choice_use';

export default function ChoiceBar<T>(props: { choice: Choice<T>; use: ChoiceUse<T> }): JSX.Element {
  const words = () => tPick();
  const rows = () => props.choice.rows();
  const everything = () => props.choice.everything();
  const count = () => f().number(rows().length);
  const total = () => (props.use.total === null ? null : f().number(props.use.total));
  const [said, setSaid] = createSignal('');
  const keep = async (format: ExportFormat) => {
    const { signal } = new AbortController();
    const { sheet, name } = props.use;
    const tell = (n: number) => setSaid(tExporting().progress(f().number(n)));
    try {
      const blob = everything()
        ? await exportAll(props.use.fetchPage(signal), format, signal, tell, sheet)
        : new Blob([exportText(rows(), format, true, sheet)]);
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      saveFile(blob, `catalejo-${name}-${stamp}.${format}`);
      setSaid(tExporting().file(f().bytes(blob.size)));
    } catch (error) {
      setSaid(problemWords(error));
    }
  };
  const title = () => (everything() ? tToQueue().addResult : tToQueue().addChosen(count()));
  const formats: ExportFormat[] = ['csv', 'jsonl'];
  return (
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
        text={tToQueue().add} />
      <AddToDataset what={() => props.use.toDataset(everything(), rows())} title={everything()
        ? tDatasets().addResult : title()} />
      <For each={formats}>
        {(format) => <button type="button" class="button" data-testid={`choice-${format}`}
          onClick={() => void keep(format)}>
          {format === 'csv' ? words().exportCsv : words().exportJsonl}</button>}
      </For>
      <span role="status" class="quiet">{said()}</span>
      <button type="button" class="link" data-testid="choose-none"
        onClick={() => props.choice.clear()}>{words().clear}</button>
    </div>
  );
}
