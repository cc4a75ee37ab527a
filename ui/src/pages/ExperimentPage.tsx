// One experiment: how did it come out, and against another one on the same records, what got
// better and what worse? What got worse stands first.
import { A, useParams, useSearchParams } from '@solidjs/router';
import { createMemo, createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type Experiment, experimentsApi, type Rows } from '../api/experiments';
import { tDatasets } from '../i18n/datasets';
import { tExperiments } from '../i18n/experiments';
import { f } from '../i18n/language';
import { type ComparedRow, compareRows, labelsOf } from '../lib/experiments';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { ScoreCell, scoreWord, stateWord, textOf, WholeRow } from '../parts/ExperimentParts';
import { Icon } from '../parts/Icons';
import { RunProgress } from '../parts/ExperimentRun';
import { ProblemNotice } from '../parts/Notice';

const shownAtOnce = 200;
const noRows: Rows = { rows: [], cut: false };

export default function ExperimentPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [query, setQuery] = useSearchParams();
  const words = () => tExperiments();
  const baseline = () => String(query['baseline'] ?? '');
  const lower = createMemo(() =>
    new Set(String(query['lower'] ?? '').split(',').filter(Boolean)));
  const [one, { refetch }] = createResource(
    () => ({ id: params.id, key: key() }), (asked) => experimentsApi.one(asked.id));
  const [rows, { refetch: readRows }] =
    createResource(() => params.id, (id) => experimentsApi.rows(id));
  const [old] = createResource(baseline, (id) => (id ? experimentsApi.rows(id) : noRows));
  const [others] = createResource(
    () => one.latest?.attributes.dataset_id, (dataset) => experimentsApi.onDataset(dataset));
  const compared = createMemo(() => compareRows(
    baseline() ? old.latest?.rows ?? [] : [], rows.latest?.rows ?? [], lower()));
  const labels = createMemo(() =>
    labelsOf([...rows.latest?.rows ?? [], ...old.latest?.rows ?? []]));
  useTitle(() => one.latest?.attributes.name ?? words().title);
  const mark = (label: string, on: boolean) => {
    const marked = new Set(lower());
    if (on) marked.add(label); else marked.delete(label);
    setQuery({ lower: [...marked].join(',') || null });
  };
  return (
    <div class="page experiments" data-testid="experiment-page">
      <p><A href="/experiments" class="button"><Icon name="back" /> {words().title}</A></p>
      <Show when={!one.error && !rows.error && !old.error} fallback={<ProblemNotice
        problem={(one.error ?? rows.error ?? old.error) as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={one.state === 'ready' && one() === null}>
          <p class="empty">{words().missing}</p></Show>
        <Show when={one.latest}>{(shown) => (
          <>
            <Head one={shown()}>
              <RunProgress experiment={params.id}
                onRow={() => { void refetch(); void readRows(); }} />
            </Head>
            <div class="cost-tools">
              <label>{words().baseline}{' '}
                <select data-testid="baseline"
                  onChange={(event) => setQuery({ baseline: event.currentTarget.value || null })}>
                  <option value="" selected={!baseline()}>{words().noBaseline}</option>
                  <For each={(others.latest ?? []).filter((other) => other.id !== params.id)}>
                    {(other) => <option value={other.id} selected={other.id === baseline()}>
                      {other.attributes.name}</option>}
                  </For>
                </select></label>
            </div>
            <Show when={baseline() && old.latest}>
              <Sentence rows={compared()} />
              <Show when={others.latest?.find((other) => other.id === baseline())
                ?.attributes.dataset_version !== shown().attributes.dataset_version}>
                <p class="warn">{words().otherVersion}</p></Show>
              <fieldset class="experiment-lower"><legend title={words().lowerHint}>
                {words().lower}</legend>
                <For each={labels()}>{(label) => (
                  <label><input type="checkbox" checked={lower().has(label)}
                    onChange={(event) => mark(label, event.currentTarget.checked)} />
                  <bdi>{oneLine(label)}</bdi></label>)}</For></fieldset>
            </Show>
            <Show when={rows.latest?.cut}><p class="warn">{words().cut}</p></Show>
            <Table rows={compared()} labels={labels()} id={params.id} baseline={baseline()} />
          </>
        )}</Show>
      </Show>
    </div>
  );
}

function Head(props: { one: Experiment; children: JSX.Element }): JSX.Element {
  const words = () => tExperiments();
  const about = () => props.one.attributes;
  const sums = () => about().aggregate_data;
  return (
    <>
      <h1><bdi>{oneLine(about().name)}</bdi></h1>
      <p class="quiet" dir="auto">{about().description}</p>
      <p data-testid="experiment-sentence">{stateWord(props.one)}: {words().ran(
        f().number(sums().rows), f().duration(sums().duration_mean))}
        <Show when={sums().errors > 0}>
          , <span class="bad">{words().errors(sums().errors, f().number(sums().errors))}</span>
        </Show>{' · '}
        <A href={`/datasets/${about().dataset_id}?version=${about().dataset_version}`}>
          <bdi>{oneLine(about().dataset_name ?? about().dataset_id)}</bdi></A>,{' '}
        {words().version(about().dataset_version)}</p>
      {props.children}
      <Show when={about().parent_experiment_id}>
        {(parent) => <p>{words().parent}{' '}
          <A href={`/experiments/${parent()}`} class="mono">{parent().slice(0, 8)}</A></p>}</Show>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().summary}>
        <table class="pairs cost-table" data-testid="experiment-summary">
          <caption>{words().summary}</caption>
          <thead><tr><th scope="col">{words().scores}</th><th scope="col">{words().mean}</th>
            <th scope="col">{words().counted}</th><th scope="col">{words().failed}</th></tr></thead>
          <tbody>
            <For each={sums().labels}>{(label) => (
              <tr><th scope="row"><bdi>{oneLine(label.label)}</bdi>
                <Show when={label.passed + label.refused > 0}><div class="quiet plain">
                  {words().passed(f().number(label.passed),
                    f().number(label.passed + label.refused))}</div></Show></th>
                <td class="num">{label.mean === null ? '—' : label.type === 'boolean'
                  ? f().percent(label.mean) : f().number(label.mean)}</td>
                <td class="num">{f().number(label.count)}</td>
                <td class="num">{f().number(label.failed)}</td></tr>)}</For>
            <For each={sums().summary_metrics}>{(score) => (
              <tr><th scope="row"><bdi>{oneLine(score.label)}</bdi></th>
                <td class="num">{scoreWord(score)}</td><td /><td /></tr>)}</For>
          </tbody>
        </table>
      </div>
      <details class="section"><summary>{words().config}</summary>
        <pre class="text mono" dir="auto" tabIndex={0}>{textOf(about().config)}</pre>
        <Show when={about().error}><h3>{words().error}</h3>
          <pre class="text" dir="auto" tabIndex={0}>{about().error}</pre></Show></details>
    </>
  );
}

function Sentence(props: { rows: ComparedRow[] }): JSX.Element {
  const words = () => tExperiments();
  const count = (turn: ComparedRow['turn']) => props.rows.filter((row) => row.turn === turn).length;
  const said = (turn: ComparedRow['turn']) => f().number(count(turn));
  return (
    <p role="status" data-testid="compared">
      {words().sentence(said('better'), said('worse'), said('same'))}
      <Show when={count('mixed') > 0}> {words().mixed(said('mixed'))}</Show>
      <Show when={count('only') > 0}> {words().only(said('only'))}</Show></p>
  );
}

function Table(props: {
  rows: ComparedRow[]; labels: string[]; id: string; baseline: string;
}): JSX.Element {
  const words = () => tExperiments();
  const [open, setOpen] = createSignal('');
  const [all, setAll] = createSignal(true);
  const [limit, setLimit] = createSignal(shownAtOnce);
  const chosen = () => props.rows.filter((row) => all() || row.turn !== 'same');
  const columns = () => props.labels.length + (props.baseline ? 5 : 4);
  return (
    <>
      <Show when={props.baseline}>
        <label>{words().show}{' '}
          <select data-testid="which-rows"
            onChange={(event) => setAll(event.currentTarget.value === 'all')}>
            <option value="all" selected={all()}>{words().all}</option>
            <option value="changed" selected={!all()}>{words().changedOnly}</option>
          </select></label>
      </Show>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().rows}>
        <table class="pairs cost-table experiment-rows" data-testid="experiment-rows">
          <thead><tr>
            <Show when={props.baseline}><th scope="col">{words().change}</th></Show>
            <th scope="col">{words().input}</th><th scope="col">{words().expected}</th>
            <th scope="col">{words().output}</th>
            <For each={props.labels}>{(label) =>
              <th scope="col"><bdi>{oneLine(label)}</bdi></th>}</For><td /></tr></thead>
          <tbody>
            <For each={chosen().slice(0, limit())}>
              {(row) => (
                <>
                  <Line row={row} labels={props.labels} compared={props.baseline !== ''}
                    open={open() === row.key}
                    onOpen={() => setOpen(open() === row.key ? '' : row.key)} />
                  <Show when={open() === row.key}>
                    <tr><td colSpan={columns()}><WholeRow row={row} id={props.id}
                      baseline={props.baseline} onClose={() => setOpen('')} /></td></tr>
                  </Show>
                </>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={chosen().length > limit()}>
        <button type="button" class="button" onClick={() => setLimit(limit() + shownAtOnce)}>
          {tDatasets().more}</button></Show>
    </>
  );
}

function Line(props: {
  row: ComparedRow; labels: string[]; compared: boolean; open: boolean; onOpen: () => void;
}): JSX.Element {
  const words = () => tExperiments();
  const one = () => props.row.after ?? props.row.before;
  return (
    <tr data-turn={props.row.turn}>
      <Show when={props.compared}>
        <td classList={{ ok: props.row.turn === 'better', bad: props.row.turn === 'worse' }}>
          {words().turns[props.row.turn]}</td></Show>
      <td dir="auto">{one()?.input}</td>
      <td dir="auto">{one()?.expected ?? '—'}</td>
      <td dir="auto">
        <Show when={props.compared && props.row.before && props.row.after
          && props.row.before.output !== props.row.after.output}>
          <del class="quiet">{props.row.before?.output ?? '—'}</del><br /></Show>
        <Show when={!one()?.failed} fallback={
          <span class="bad">{words().taskFailed}: {one()?.error}</span>}>
          {one()?.output ?? '—'}</Show></td>
      <For each={props.labels}>{(label) =>
        <ScoreCell row={props.row} label={label} compared={props.compared} />}</For>
      <td><button type="button" class="link" aria-expanded={props.open}
        onClick={() => props.onOpen()}>{words().open}</button></td>
    </tr>
  );
}
