// What the page of a dashboard is changed with: its variables and views, a new widget, its JSON.
import { createSignal, For, type JSX, Match, Show, Switch } from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import {
  type Dashboard, definitionOf, isDashboard, presetInUse, presetsOf, presetValues,
  type TemplateVariable, type Values, withoutPreset, withPreset,
} from '../lib/dashboard';
import { oneLine } from '../lib/text';
import { Dialog } from './Dialog';
import { QueryInput } from './QueryInput';

const kinds = [
  'timeseries', 'query_value', 'toplist', 'query_table', 'change', 'heatmap', 'distribution',
  'sunburst', 'treemap', 'event_timeline', 'event_stream', 'note',
] as const;

export function Variables(props: {
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

// Choices of the variables that have a name. While the dashboard is edited they can be changed.
export function Presets(props: {
  dashboard: Dashboard; values: Values; isEdited: boolean;
  onChoose: (values: Record<string, string>) => void; onChange: (dashboard: Dashboard) => void;
}): JSX.Element {
  const words = () => tDashboards();
  const all = () => presetsOf(props.dashboard);
  const used = () => presetInUse(props.dashboard, props.values)?.name ?? '';
  const choose = (name: string) => {
    const preset = all().find((one) => one.name === name);
    if (preset) props.onChoose(presetValues(props.dashboard, preset));
  };
  return (
    <>
      <Show when={all().length > 0}>
        <label class="variable">{words().view}
          <select onChange={(event) => choose(event.currentTarget.value)}>
            <option value="" selected={used() === ''} disabled>{words().viewNone}</option>
            <For each={all()}>{({ name }) => (
              <option value={name} selected={used() === name}>{oneLine(name)}</option>)}</For>
          </select></label></Show>
      <Show when={props.isEdited && used()}>{(name) => (
        <button type="button" class="button"
          onClick={() => props.onChange(withoutPreset(props.dashboard, name()))}>
          {words().viewRemove(oneLine(name()))}</button>)}</Show>
      <Show when={props.isEdited}>
        <form class="variable" onSubmit={(event) => {
          event.preventDefault();
          const name = String(new FormData(event.currentTarget).get('view')).trim();
          if (name) props.onChange(withPreset(props.dashboard, name, props.values));
          event.currentTarget.reset();
        }}>
          <input name="view" required maxLength={100} aria-label={words().viewName}
            placeholder={words().viewName} />
          <button type="submit" class="button">{words().viewKeep}</button>
        </form></Show>
    </>
  );
}

export function AddWidget(props: {
  variables: readonly TemplateVariable[]; onAdd: (definition: Record<string, unknown>) => void;
}): JSX.Element {
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
      <Switch fallback={
        <label class="wide">{words().query}
          <QueryInput name="text" placeholder="avg:app.latency{*} by {service}"
            variables={props.variables.map((one) => one.name)} /></label>}>
        <Match when={kind() === 'note'}>
          <label class="wide">{words().text}
            <textarea name="text" required rows={2} /></label></Match>
        <Match when={kind().startsWith('event_')}>
          <label class="wide">{words().search}
            <input name="text" maxLength={2000} placeholder="source:deploy status:error" /></label>
        </Match>
      </Switch>
      <button type="submit" class="primary">{words().add}</button>
    </form>
  );
}

export function JsonEditor(props: {
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
