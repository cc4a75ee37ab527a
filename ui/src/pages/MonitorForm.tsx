// A monitor as a form, with what it would look at drawn while it is written.
import { createResource, createSignal, For, type JSX, onCleanup, onMount, Show, untrack } from 'solid-js';
import { dashboardsApi, type MetricLine } from '../api/dashboards';
import {
  type Draft, type Monitor, type MonitorOptions, monitorsApi, type ReplayChange,
} from '../api/monitors';
import { tMonitors } from '../i18n/monitors';
import {
  kindOf, membersOf, numbersOf, toneOfState, typeOf, type Watched, watchedOf, watchedSpans,
} from '../lib/monitor';
import { oneLine } from '../lib/text';
import { Fired, linesOf } from '../parts/MonitorReplay';
import { MonitorChart } from '../parts/MonitorChart';
import { problemWords } from '../parts/Notice';

const queryExample = 'avg(last_5m):avg:app.latency{*} by {service} > 2\n' +
  'llm-observability("status:error").rollup("count").by("ml_app").last("5m") > 10\n12 && !13';
const quietMs = 600;
const hoursMs = 4 * 3_600_000;
const limits = ['warning', 'critical_recovery', 'warning_recovery'] as const;
const missings = ['default', 'show_no_data', 'show_and_notify_no_data', 'resolve'] as const;

// The options of the form over those that it does not show.
function draftOf(data: FormData, before: Monitor | null): Draft {
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const query = text('query');
  const options: MonitorOptions = { ...before?.options };
  const critical = (kindOf(query) === 'spans' ? watchedSpans(query) : watchedOf(query))?.critical;
  options.thresholds = {
    ...(critical === undefined ? {} : { critical }), ...numbersOf(data, limits),
  };
  options.on_missing_data = text('on_missing_data');
  for (const name of ['renotify_interval', 'evaluation_delay'] as const) {
    options[name] = numbersOf(data, [name])[name] ?? 0;
  }
  return {
    name: text('name'), type: typeOf(query, before?.type), query, message: text('message'), options,
  };
}

interface Said {
  problem: string; lines: MetricLine[]; members: Monitor[]; changes: ReplayChange[] | null;
}

// Checked, and what it would look at.
async function preview(written: Draft, fromMs: number, toMs: number): Promise<Said> {
  // Whoever begins with the query sees what it finds before it has a name.
  const draft = { ...written, name: written.name || '–' };
  const query = draft.query ?? '';
  const said: Said = { problem: '', lines: [], members: [], changes: null };
  try {
    await monitorsApi.check(draft);
    const kind = kindOf(query);
    const found = watchedOf(query);
    if (kind === 'spans') {
      const replay = await monitorsApi.replay({ monitor: draft }, fromMs, toMs);
      said.lines = linesOf(replay);
      said.changes = replay.changes;
    } else if (kind === 'composite') {
      const ids = membersOf(query);
      said.members = (await monitorsApi.list()).filter((one) => ids.includes(one.id));
    } else if (found) {
      said.lines = await dashboardsApi.lines(found.expression, fromMs, toMs);
    }
  } catch (error) {
    said.problem = problemWords(error);
  }
  return said;
}

function Members(props: { members: Monitor[] }): JSX.Element {
  return (
    <ul class="plain-list" data-testid="members"><For each={props.members}>{(one) => (
      <li><span class="mono">{one.id}</span> <bdi>{oneLine(one.name)}</bdi>{' '}
        <span class={`badge ${toneOfState(one.overall_state)}`}>
          {tMonitors().states[one.overall_state]}</span></li>)}</For></ul>
  );
}

function Preview(props: { draft: Draft }): JSX.Element {
  const words = () => tMonitors();
  const query = () => props.draft.query ?? '';
  const watched = (): Watched | null =>
    (kindOf(query()) === 'spans' ? watchedSpans(query()) : watchedOf(query()));
  const [said] = createResource(() => props.draft, async (draft) => {
    const toMs = Date.now();
    const range = { fromMs: toMs - hoursMs, toMs };
    return { range, ...await preview(draft, range.fromMs, range.toMs) };
  });
  return (
    <section class="monitor-preview" data-testid="monitor-preview">
      <h2>{words().preview}</h2>
      <Show when={said.latest}>
        {(one) => (
          <Show when={!one().problem} fallback={
            <p class="bad" role="status" dir="auto">{one().problem}</p>}>
            <Members members={one().members} />
            <Show when={kindOf(query()) !== 'composite' && watched()}>
              {(found) => <MonitorChart lines={one().lines} watched={found()} range={one().range}
                warning={props.draft.options?.thresholds?.warning ?? null} />}
            </Show>
            <Show when={one().changes}>
              {(changes) => <Fired changes={changes()} />}</Show>
          </Show>)}
      </Show>
    </section>
  );
}

export function MonitorForm(props: {
  monitor: Monitor | null; query?: string; onSave: (draft: Draft) => unknown;
}): JSX.Element {
  // What is being written does not change under the hands when the monitor is looked at again.
  const before = untrack(() => props.monitor);
  const begun = untrack(() => props.query ?? '');
  let form!: HTMLFormElement;
  const words = () => tMonitors();
  const [draft, setDraft] = createSignal<Draft | null>(before);
  onMount(() => { if (begun) typed(); });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(waiting));
  const typed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => setDraft(draftOf(new FormData(form), before)), quietMs);
  };
  const limit = (name: string) => before?.options?.thresholds?.[name] ?? '';
  return (
    <form ref={form} class="monitor-form" data-testid="monitor-form" onInput={typed}
      onSubmit={(event) => {
        event.preventDefault();
        props.onSave(draftOf(new FormData(form), before));
      }}>
      <label class="wide">{words().name}
        <input name="name" required maxLength={500} value={before?.name ?? ''} /></label>
      <label class="wide">{words().query}
        <textarea name="query" required rows={3} class="mono" spellcheck={false}
          placeholder={queryExample}>{before?.query ?? begun}</textarea></label>
      <label>{words().warningAt}
        <input name="warning" inputMode="decimal" value={limit('warning')} /></label>
      <label>{words().recoverAt}
        <input name="critical_recovery" inputMode="decimal"
          value={limit('critical_recovery')} /></label>
      <label>{words().warningOver}
        <input name="warning_recovery" inputMode="decimal"
          value={limit('warning_recovery')} /></label>
      <label>{words().remind}
        <input name="renotify_interval" inputMode="numeric"
          value={before?.options?.renotify_interval || ''} /></label>
      <label>{words().delay}
        <input name="evaluation_delay" inputMode="numeric"
          value={before?.options?.evaluation_delay || ''} /></label>
      <label class="wide">{words().missing}
        <select name="on_missing_data">
          <For each={missings}>{(one) => (
            <option value={one} selected={one === before?.options?.on_missing_data}>
              {words().missings[one]}</option>)}</For>
        </select></label>
      <label class="wide">{words().message}
        <textarea name="message" rows={4}>{before?.message ?? ''}</textarea>
        <span class="quiet">{words().messageHelp}</span></label>
      <button type="submit" class="primary">{words().save}</button>
      <Show when={draft()}>{(one) => <Preview draft={one()} />}</Show>
    </form>
  );
}
