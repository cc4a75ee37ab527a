// The present result as a file, fetched page by page, with its progress and a way to stop it.
import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { f, t } from '../i18n';
import { exportAll, type ExportFormat } from '../lib/export_rows';
import { type ListState, type Range } from '../lib/url_state';
import { Menu } from '../parts/Menu';
import { pageFetcher } from './list_data';

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function ExportMenu(props: {
  state: ListState; range: Range; total: number | null;
}): JSX.Element {
  const [rows, setRows] = createSignal<number | null>(null);
  const [said, setSaid] = createSignal('');
  let control: AbortController | undefined;
  onCleanup(() => control?.abort());
  const run = async (format: ExportFormat) => {
    control?.abort();
    const mine = control = new AbortController();
    setSaid('');
    setRows(0);
    try {
      const blob = await exportAll(pageFetcher(props.state, props.range, mine.signal), format,
        mine.signal, setRows);
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      save(blob, `catalejo-${props.state.view}-${stamp}.${format}`);
      setSaid(t().exporting.done(f().number(rows() ?? 0), f().bytes(blob.size)));
    } catch (error) {
      setSaid(mine.signal.aborted ? t().exporting.cancelled
        : t().exporting.failed((error as Error).message));
    } finally {
      setRows(null);
    }
  };
  return (
    <Menu label={t().exporting.title} icon="download" testId="export">
      {() => (
        <div class="export-menu">
          <Show when={rows() !== null} fallback={
            <>
              <p class="quiet">{props.total === null ? t().exporting.what
                : t().exporting.whatCount(f().number(props.total))}</p>
              <button type="button" class="menu-item" data-testid="export-csv"
                onClick={() => void run('csv')}>{t().exporting.csv}</button>
              <button type="button" class="menu-item" data-testid="export-jsonl"
                onClick={() => void run('jsonl')}>{t().exporting.jsonl}</button>
              <p role="status">{said()}</p>
            </>}>
            <p role="status">{t().exporting.progress(f().number(rows() ?? 0))}</p>
            <progress aria-label={t().exporting.title} max={props.total ?? undefined}
              value={props.total === null ? undefined : Math.min(rows() ?? 0, props.total)} />
            <button type="button" class="button" data-testid="export-cancel"
              onClick={() => control?.abort()}>{t().common.cancel}</button>
          </Show>
        </div>
      )}
    </Menu>
  );
}
