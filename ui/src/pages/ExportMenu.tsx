// The present result as a file, fetched page by page, with its progress and a way to stop it.
import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { download } from '../api/client';
import { f } from '../i18n/language';
import { tExporting } from '../i18n/list';
import { tCommon } from '../i18n/shell';
import { exportAll, type ExportFormat, rowSheet } from '../lib/export_rows';
import { saveFile } from '../lib/save_file';
import { type ListState, type Range, requestOf } from '../lib/url_state';
import { Menu } from '../parts/Menu';
import { pageFetcher } from './list_data';

// As many as the server puts into one file.
const parquetRowsMax = 10_000_000;

export function ExportMenu(props: {
  state: ListState; range: Range; total: number | null;
}): JSX.Element {
  const [rows, setRows] = createSignal<number | null>(null);
  const [said, setSaid] = createSignal('');
  let control: AbortController | undefined;
  onCleanup(() => control?.abort());
  const [bytes, setBytes] = createSignal<number | null>(null);
  const runParquet = async () => {
    control?.abort();
    const mine = control = new AbortController();
    setSaid('');
    setBytes(0);
    const request = requestOf(props.state, props.range);
    request.set('format', 'parquet');
    try {
      const file = await download('export', request, mine.signal, setBytes);
      saveFile(file.blob, file.name);
      setSaid(tExporting().file(f().bytes(file.blob.size)));
    } catch (error) {
      setSaid(mine.signal.aborted ? tExporting().cancelled
        : tExporting().failed((error as Error).message));
    } finally {
      setBytes(null);
    }
  };
  const run = async (format: ExportFormat) => {
    control?.abort();
    const mine = control = new AbortController();
    setSaid('');
    setRows(0);
    try {
      const blob = await exportAll(pageFetcher(props.state, props.range, mine.signal), format,
        mine.signal, setRows, rowSheet);
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      saveFile(blob, `catalejo-${props.state.view}-${stamp}.${format}`);
      setSaid(tExporting().done(f().number(rows() ?? 0), f().bytes(blob.size)));
    } catch (error) {
      setSaid(mine.signal.aborted ? tExporting().cancelled
        : tExporting().failed((error as Error).message));
    } finally {
      setRows(null);
    }
  };
  return (
    <Menu label={tExporting().title} icon="download" testId="export">
      {() => (
        <div class="export-menu">
          <Show when={rows() !== null || bytes() !== null} fallback={
            <>
              <p class="quiet">{props.total === null ? tExporting().what
                : tExporting().whatCount(f().number(props.total))}</p>
              <button type="button" class="menu-item" data-testid="export-csv"
                onClick={() => void run('csv')}>{tExporting().csv}</button>
              <button type="button" class="menu-item" data-testid="export-jsonl"
                onClick={() => void run('jsonl')}>{tExporting().jsonl}</button>
              <button type="button" class="menu-item" data-testid="export-parquet"
                onClick={() => void runParquet()}>
                {tExporting().parquet(f().number(parquetRowsMax))}</button>
              <p role="status">{said()}</p>
            </>}>
            <p role="status">{bytes() === null ? tExporting().progress(f().number(rows() ?? 0))
              : tExporting().received(f().bytes(bytes() ?? 0))}</p>
            <Show when={bytes() === null && props.total !== null} fallback={
              <progress aria-label={tExporting().title} />}>
              <progress aria-label={tExporting().title} max={props.total ?? 1}
                value={Math.min(rows() ?? 0, props.total ?? 1)} />
            </Show>
            <button type="button" class="button" data-testid="export-cancel"
              onClick={() => control?.abort()}>{tCommon().cancel}</button>
          </Show>
        </div>
      )}
    </Menu>
  );
}
