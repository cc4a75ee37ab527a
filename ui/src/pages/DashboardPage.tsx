// One dashboard: its widgets over a stretch of time, for what its variables say. All of that is in
// the address. Editing changes what is kept at once, and each change can be taken back.
import { useParams } from '@solidjs/router';
import { createMemo, createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { dashboardsApi } from '../api/dashboards';
import { tDashboards } from '../i18n/dashboards';
import { useAddress } from '../lib/address';
import {
  type Dashboard, definitionOf, isDashboard, type TemplateVariable, valuesOf, withoutWidget,
  withWidget,
} from '../lib/dashboard';
import { every } from '../lib/fresh';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { parseState, resolveRange } from '../lib/url_state';
import { Dialog } from '../parts/Dialog';
import { Icon } from '../parts/Icons';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';
import { type Shown, WidgetGrid } from '../parts/Widgets';

const againEveryMs = 30_000;
const kinds = ['timeseries', 'query_value', 'toplist', 'note'] as const;
const parameterOf = (variable: TemplateVariable) => `tpl_var_${variable.name}`;

// As the server has it: a number read and written here may not be the same afterwards.
async function save(dashboard: Dashboard): Promise<void> {
  const { blob } = await dashboardsApi.file(dashboard.id);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${dashboard.title.replace(/[^\w-]+/g, '-').toLowerCase() || 'dashboard'}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Variables(props: {
  variables: TemplateVariable[]; chosen: (one: TemplateVariable) => string;
  onChoose: (one: TemplateVariable, value: string) => void;
}): JSX.Element {
  return (
    <For each={props.variables}>{(one) => (
      <label class="variable"><span class="mono">${oneLine(one.name)}</span>
        <input list={`values-${one.name}`} value={props.chosen(one)} placeholder="*"
          onChange={(event) => props.onChoose(one, event.currentTarget.value.trim())} />
        <datalist id={`values-${one.name}`}>
          <For each={['*', ...(one.available_values ?? [])]}>
            {(value) => <option value={value} />}</For></datalist></label>)}</For>
  );
}

function AddWidget(props: { onAdd: (definition: Record<string, unknown>) => void }): JSX.Element {
  const words = () => tDashboards();
  const [kind, setKind] = createSignal<(typeof kinds)[number]>('timeseries');
  return (
    <form class="add-widget" data-testid="add-widget" onSubmit={(event) => {
      event.preventDefault();
      const data = new FormData(event.currentTarget);
      props.onAdd(definitionOf(kind(), String(data.get('title') ?? '').trim(),
        String(data.get('text')).trim()));
      event.currentTarget.reset();
    }}>
      <h2>{words().add}</h2>
      <label>{words().kind}
        <select value={kind()} onChange={(event) =>
          setKind(event.currentTarget.value as (typeof kinds)[number])}>
          <For each={kinds}>{(one) => <option value={one}>{words().kinds[one]}</option>}</For>
        </select></label>
      <Show when={kind() !== 'note'}>
        <label>{words().name}<input name="title" maxLength={200} /></label></Show>
      <label class="wide">{kind() === 'note' ? words().text : words().query}
        <textarea name="text" required rows={2} class={kind() === 'note' ? '' : 'mono'}
          placeholder={kind() === 'note' ? '' : 'avg:app.latency{*} by {service}'} /></label>
      <button type="submit" class="primary">{words().add}</button>
    </form>
  );
}

function JsonEditor(props: {
  dashboard: Dashboard; onSave: (dashboard: Dashboard) => void; onClose: () => void;
}): JSX.Element {
  const words = () => tDashboards();
  const [problem, setProblem] = createSignal('');
  return (
    <Dialog title={words().json} onClose={() => props.onClose()}>
      <form class="json-editor" onSubmit={(event) => {
        event.preventDefault();
        try {
          const read: unknown = JSON.parse(
            String(new FormData(event.currentTarget).get('json')));
          if (!isDashboard(read)) { setProblem(words().importBad); return; }
          props.onSave(read);
        } catch (error) {
          setProblem(error instanceof Error ? error.message : String(error));
        }
      }}>
        <textarea name="json" class="mono" rows={24} spellcheck={false} aria-label={words().json}>
          {JSON.stringify(props.dashboard, null, 2)}</textarea>
        <p class="bad" role="status" dir="auto">{problem()}</p>
        <button type="submit" class="primary">{words().save}</button>
      </form>
    </Dialog>
  );
}

function Board(props: { kept: Dashboard }): JSX.Element {
  let box!: HTMLDivElement;
  const words = () => tDashboards();
  const { text, setQuery } = useAddress();
  // What is on the page, and what it was before each change of this visit.
  // eslint-disable-next-line solid/reactivity -- a page of its own for each dashboard
  const [history, setHistory] = createSignal<Dashboard[]>([props.kept]);
  const dashboard = () => history().at(-1) ?? props.kept;
  const [isEdited, setEdited] = createSignal(false);
  const [isRaw, setRaw] = createSignal(false);
  const [problem, setProblem] = createSignal('');
  const [turn, setTurn] = createSignal(0);
  useTitle(() => oneLine(dashboard().title));
  const state = () => parseState(new URLSearchParams({
    from: text('from') || 'now-4h', to: text('to') || 'now',
  }));
  const range = createMemo(() => { turn(); return resolveRange(state(), Date.now()); });
  every(againEveryMs, () => { if (state().to === 'now') setTurn((before) => before + 1); });
  const variables = () => dashboard().template_variables ?? [];
  const shown: Shown = {
    range,
    values: () => valuesOf(variables(), (name) => text(`tpl_var_${name}`)),
  };
  /* eslint-disable solid/reactivity -- run by events, where reading is not tracking */
  const keep = async (changed: Dashboard, after: (kept: Dashboard) => Dashboard[]) => {
    try {
      const kept = await dashboardsApi.put(dashboard().id, changed);
      setHistory(after(kept));
      setProblem('');
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  const change = (changed: Dashboard) =>
    void keep(changed, (kept) => [...history(), kept]);
  const undo = () => {
    const before = history().at(-2);
    if (before) void keep(before, () => history().slice(0, -1));
  };
  /* eslint-enable solid/reactivity */
  return (
    <div class="page dashboard" ref={box}>
      <div class="dashboard-head">
        <h1 dir="auto">{oneLine(dashboard().title)}</h1>
        <span class="spacer" />
        <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
        <button type="button" class="button" onClick={() => setEdited(!isEdited())}
          aria-pressed={isEdited()}>
          <Icon name="pencil" /> {isEdited() ? words().done : words().edit}</button>
        <button type="button" class="button" onClick={() =>
          void save(dashboard()).catch((error: unknown) => setProblem(problemWords(error)))}>
          <Icon name="download" /> {words().export}</button>
        <button type="button" class="bare" aria-label={words().full} title={words().full}
          onClick={() => void box.requestFullscreen()}><Icon name="expand" /></button>
      </div>
      <Show when={oneLine(dashboard().description ?? '')}>
        {(description) => <p class="quiet" dir="auto">{description()}</p>}</Show>
      <Show when={variables().length > 0}>
        <div class="variables"><Variables variables={variables()}
          chosen={(one) => text(parameterOf(one)) || shown.values().get(one.name)?.value || ''}
          onChoose={(one, value) => setQuery({ [parameterOf(one)]: value || null })} /></div></Show>
      <Show when={isEdited()}>
        <div class="edit-tools">
          <button type="button" class="button" onClick={() => setRaw(true)}>{words().json}</button>
          <button type="button" class="button" disabled={history().length < 2} onClick={undo}>
            {words().undo}</button>
        </div></Show>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <Show when={dashboard().widgets.length > 0} fallback={<p class="empty">{words().empty}</p>}>
        <WidgetGrid widgets={dashboard().widgets} shown={shown}
          {...(isEdited() ? { onRemove: (at: number) => change(withoutWidget(dashboard(), at)) }
            : {})} /></Show>
      <Show when={isEdited()}>
        <AddWidget onAdd={(definition) => change(withWidget(dashboard(), definition))} /></Show>
      <Show when={isRaw()}>
        <JsonEditor dashboard={dashboard()} onClose={() => setRaw(false)}
          onSave={(changed) => { setRaw(false); change(changed); }} /></Show>
    </div>
  );
}

export default function DashboardPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [kept, { refetch }] = createResource(
    () => ({ id: params.id, key: key() }), (asked) => dashboardsApi.one(asked.id));
  return (
    <Show when={!kept.error} fallback={<div class="page"><ProblemNotice
      problem={kept.error as Problem} onRetry={() => void refetch()} /></div>}>
      <Show when={latestOf(kept)} keyed fallback={
        <div class="page"><div class="skeleton skeleton-page" /></div>}>
        {(dashboard) => <Board kept={dashboard} />}
      </Show>
    </Show>
  );
}
