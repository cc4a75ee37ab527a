// One dataset: its records in a version, edited in place; versions and what changed; files in and
// out.
import { A, useParams, useSearchParams } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type DatasetRecord, datasetsApi, type Page } from '../api/datasets';
import { tDatasets } from '../i18n/datasets';
import { tExperimentRuns } from '../i18n/experiment_runs';
import { author } from '../lib/author';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { Icon } from '../parts/Icons';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { DatasetImport, DatasetVersions } from '../parts/DatasetParts';

const parts = ['input', 'expected_output', 'metadata'] as const;
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

// All pages up to the one asked for, of one version.
async function pagesOf(id: string, version: number, count: number): Promise<Page> {
  let page = await datasetsApi.records(id, version, null);
  const data = [...page.data];
  for (let i = 1; i < count && page.meta.after; i += 1) {
    page = await datasetsApi.records(id, version, page.meta.after);
    data.push(...page.data);
  }
  return { ...page, data };
}

export default function DatasetPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [query, setQuery] = useSearchParams();
  const words = () => tDatasets();
  const version = () => Number(query['version'] ?? 0) || 0;
  const [shown, setShown] = createSignal(1);
  const [dataset, { refetch: again }] =
    createResource(() => ({ id: params.id, key: key() }), (asked) => datasetsApi.one(asked.id));
  const [versions, { refetch: newer }] =
    createResource(() => params.id, (id) => datasetsApi.versions(id));
  const [page, { refetch }] = createResource(
    () => ({ id: params.id, version: version(), count: shown() }),
    (asked) => pagesOf(asked.id, asked.version, asked.count));
  const changed = () => { void again(); void newer(); void refetch(); };
  useTitle(() => latestOf(dataset)?.attributes.name ?? words().title);
  return (
    <div class="page datasets" data-testid="dataset-page">
      <p><A href="/datasets" class="button"><Icon name="back" /> {words().title}</A></p>
      <Show when={!dataset.error && !page.error} fallback={<ProblemNotice
        problem={(dataset.error ?? page.error) as Problem} onRetry={changed} />}>
        <h1><bdi>{oneLine(latestOf(dataset)?.attributes.name ?? '')}</bdi></h1>
        <p class="quiet" dir="auto">{latestOf(dataset)?.attributes.description}</p>
        <div class="cost-tools">
          <label>{words().version}{' '}
            <select data-testid="version" value={String(version())}
              onChange={(event) => {
                setShown(1);
                setQuery({ version: event.currentTarget.value });
              }}>
              <option value="0" selected={version() === 0}>{words().newest}</option>
              <For each={latestOf(versions) ?? []}>
                {(one) => <option value={one.attributes.version_number}
                  selected={one.attributes.version_number === version()}>
                  {one.attributes.version_number}</option>}
              </For>
            </select></label>
          <a class="button" href={datasetsApi.exportHref(params.id, 'csv', version())}>
            <Icon name="download" /> {words().exportCsv}</a>
          <a class="button" href={datasetsApi.exportHref(params.id, 'jsonl', version())}>
            <Icon name="download" /> {words().exportJsonl}</a>
          <A class="button" href={`/experiments/new?${new URLSearchParams({
            dataset: params.id, ...(version() ? { version: String(version()) } : {}) })}`}>
            {tExperimentRuns().open}</A>
        </div>
        <Show when={latestOf(page)} fallback={<div class="skeleton skeleton-page" />}>
          {(found) => (
            <ol class="dataset-records">
              <For each={found().data}>
                {(record) => <Record record={record} id={params.id} old={version() !== 0}
                  onChanged={changed} />}
              </For>
            </ol>
          )}
        </Show>
        <Show when={latestOf(page)?.meta.after}>
          <button type="button" class="button" onClick={() => setShown(shown() + 1)}>
            {words().more}</button></Show>
        <DatasetImport id={params.id} onChanged={changed} />
        <DatasetVersions id={params.id} versions={latestOf(versions) ?? []} />
      </Show>
    </div>
  );
}

// What the form says differently from the record; throws on what is no JSON.
function changesOf(form: FormData, record: DatasetRecord): { [name: string]: unknown } {
  const changes: { [name: string]: unknown } = { id: record.id };
  for (const part of parts) {
    const value: unknown = JSON.parse(String(form.get(part)));
    if (pretty(value) === pretty(record.attributes[part])) continue;
    // null says "as it was": what is not expected any more is written as an empty text.
    changes[part] = value === null && part === 'expected_output' ? '' : value;
  }
  return changes;
}

function Record(props: {
  record: DatasetRecord; id: string; old: boolean; onChanged: () => void;
}): JSX.Element {
  const words = () => tDatasets();
  const names = () => ({ input: words().input, expected_output: words().expected,
    metadata: words().metadata });
  const [editing, setEditing] = createSignal(false);
  const [problem, setProblem] = createSignal('');
  const attempt = async (work: Promise<unknown>) => {
    try {
      await work;
      setEditing(false);
      setProblem('');
      props.onChanged();
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  const save = (form: HTMLFormElement) => {
    try {
      const record = changesOf(new FormData(form), props.record);
      void attempt(datasetsApi.update(props.id, record, author()));
    } catch {
      setProblem(words().notJson);
    }
  };
  return (
    <li data-testid="record">
      <Show when={editing()} fallback={
        <div class="dataset-record">
          <For each={parts}>
            {(part) => (
              <div><p class="quiet">{names()[part]}</p>
                <pre class="mono" dir="auto" tabIndex={0}>
                  {pretty(props.record.attributes[part])}</pre></div>
            )}
          </For>
        </div>}>
        <form onSubmit={(event) => { event.preventDefault(); save(event.currentTarget); }}>
          <div class="dataset-record">
            <For each={parts}>
              {(part) => (
                <label>{names()[part]}
                  <textarea name={part} rows={8} class="mono" spellcheck={false} dir="auto">
                    {pretty(props.record.attributes[part])}</textarea></label>
              )}
            </For>
          </div>
          <p class="bad" role="status" dir="auto">{problem()}</p>
          <button type="submit" class="primary">{words().save}</button>{' '}
          <button type="button" class="button" onClick={() => setEditing(false)}>
            {words().cancel}</button>
        </form>
      </Show>
      <p class="pane-actions">
        <Show when={props.record.attributes.source}>
          {(source) => <A class="link" href={`/traces/${source().trace_id}?full=1&span=${
            source().span_id}`}>{words().source}</A>}
        </Show>
        <Show when={!props.old && !editing()}>
          <button type="button" class="link" onClick={() => setEditing(true)}>
            {words().edit}</button>
          <button type="button" class="link" onClick={() => void attempt(
            datasetsApi.removeRecord(props.id, props.record.id, author()))}>
            {words().remove}</button>
        </Show>
      </p>
    </li>
  );
}
