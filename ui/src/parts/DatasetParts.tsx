// Parts of a dataset's page: a file in, its versions; and the menu that adds spans to a dataset.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { datasetsApi, type DatasetVersion, type Diff, type Spans } from '../api/datasets';
import { tDatasets } from '../i18n/datasets';
import { tFeedback } from '../i18n/feedback';
import { f } from '../i18n/language';
import { author } from '../lib/author';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { Menu } from './Menu';
import { problemWords } from './Notice';

export function DatasetImport(props: { id: string; onChanged: () => void }): JSX.Element {
  const words = () => tDatasets();
  const [problem, setProblem] = createSignal('');
  const [done, setDone] = createSignal('');
  const run = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const file = data.get('file');
    if (!(file instanceof File)) return;
    const query = new URLSearchParams({
      format: /\.(jsonl|ndjson)$/i.test(file.name) ? 'jsonl' : 'csv', author: author(),
    });
    const columns = (name: string) => String(data.get(name) ?? '').split(',')
      .map((column) => column.trim()).filter(Boolean);
    for (const column of columns('input')) query.append('input_column', column);
    for (const column of columns('expected')) query.append('expected_column', column);
    if (data.get('skip_bad')) query.set('skip_bad', 'true');
    try {
      const told = await datasetsApi.importFile(props.id, file, query);
      setProblem('');
      setDone(words().imported(f().number(told.inserted + told.updated),
        f().number(told.duplicates), f().number(told.bad_rows)));
      props.onChanged();
    } catch (error) {
      setDone('');
      setProblem(problemWords(error));
    }
  };
  return (
    <form data-testid="import-form"
      onSubmit={(event) => { event.preventDefault(); void run(event.currentTarget); }}>
      <h2>{words().importTitle}</h2>
      <p class="quiet">{words().importHint}</p>
      <div class="cost-fields">
        <label>{words().file}
          <input type="file" name="file" accept=".csv,.jsonl,.ndjson" required /></label>
        <label>{words().inputColumns}<input name="input" placeholder="a, b" /></label>
        <label>{words().expectedColumns}<input name="expected" /></label>
        <label class="check"><span><input type="checkbox" name="skip_bad" /> {words().skipBad}</span></label>
        <button type="submit" class="primary">{words().importIt}</button>
      </div>
      <p role="status" classList={{ bad: problem() !== '' }} dir="auto">{problem() || done()}</p>
    </form>
  );
}

export function DatasetVersions(props: { id: string; versions: DatasetVersion[] }): JSX.Element {
  const words = () => tDatasets();
  const [asked, setAsked] = createSignal(0);
  const [diff] = createResource(() => asked() > 0 && { id: props.id, to: asked() },
    ({ id, to }) => datasetsApi.diff(id, to - 1, to));
  const count = (n: number) => f().number(n);
  return (
    <section>
      <h2>{words().versions}</h2>
      <ul class="dataset-versions">
        <For each={props.versions}>
          {({ attributes: one }) => (
            <li><strong class="num">{one.version_number}</strong>{' '}
              <span class="quiet">{f().dateTime(Date.parse(one.created_at))}</span>{' '}
              {words().change(count(one.inserted), count(one.updated), count(one.removed))}{' '}
              <Show when={one.author}>
                {(by) => <bdi class="quiet">{tFeedback().by(by())} </bdi>}</Show>
              <button type="button" class="link" aria-expanded={asked() === one.version_number}
                onClick={() => setAsked(asked() === one.version_number ? 0 : one.version_number)}>
                {words().compare}</button>
              <Show when={asked() === one.version_number && latestOf(diff)}>
                {(found) => <DiffTable diff={found()} />}</Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

function DiffTable(props: { diff: Diff }): JSX.Element {
  const words = () => tDatasets();
  const side = (record: Diff['records'][number]['before']) => record
    ? JSON.stringify({ input: record.attributes.input,
      expected_output: record.attributes.expected_output, metadata: record.attributes.metadata,
      tags: record.attributes.tags }, null, 2)
    : words().nothing;
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().compare}>
      <table class="pairs cost-table" data-testid="diff">
        <thead><tr><th scope="col">{words().before}</th><th scope="col">{words().after}</th></tr></thead>
        <tbody>
          <For each={props.diff.records}>
            {(pair) => <tr><td><pre class="mono" dir="auto" tabIndex={0}>{side(pair.before)}</pre></td>
              <td><pre class="mono" dir="auto" tabIndex={0}>{side(pair.after)}</pre></td></tr>}
          </For>
        </tbody>
      </table>
      <Show when={props.diff.cut}><p class="caution">{words().cut}</p></Show>
    </div>
  );
}

// `what` is one span, or the filter of a list.
export function AddToDataset(props: {
  what: () => Spans | { filter: string };
  title: string;
}): JSX.Element {
  return (
    <Menu label={tDatasets().add} icon="dataset" testId="add-to-dataset">
      {() => <AddForm what={props.what} title={props.title} />}
    </Menu>
  );
}

function AddForm(props: Parameters<typeof AddToDataset>[0]): JSX.Element {
  const words = () => tDatasets();
  const [datasets] = createResource(() => datasetsApi.list().catch(() => []));
  const [done, setDone] = createSignal<{ text: string; id: string } | null>(null);
  const [problem, setProblem] = createSignal('');
  const add = async (name: string) => {
    try {
      const known = (await datasetsApi.list()).find((one) => one.attributes.name === name);
      const id = (known ?? await datasetsApi.make(name, '')).id;
      const taken = await datasetsApi.addSpans(id, props.what(), author());
      setProblem('');
      const [added, same] = [f().number(taken.inserted), f().number(taken.duplicates)];
      setDone({ id, text: words().taken(added, same) });
    } catch (error) {
      setDone(null);
      setProblem(problemWords(error));
    }
  };
  return (
    <form class="saved-views" onSubmit={(event) => {
      event.preventDefault();
      void add(String(new FormData(event.currentTarget).get('dataset')).trim());
    }}>
      <p class="quiet">{props.title}</p>
      <label>{words().choose}
        <input name="dataset" required maxLength={200} list="dataset-names"
          autocomplete="off" /></label>
      <datalist id="dataset-names">
        <For each={latestOf(datasets) ?? []}>{(one) => <option value={one.attributes.name} />}</For>
      </datalist>
      <button type="submit" class="primary">{words().add}</button>
      <p role="status" classList={{ bad: problem() !== '' }} dir="auto">{problem()}
        <Show when={done()}>
          {(said) => <>{oneLine(said().text)}{' '}
            <A href={`/datasets/${said().id}`}>{words().open}</A></>}
        </Show></p>
    </form>
  );
}
