// A monitor as a form, with what it would look at drawn while it is written.
import { createResource, createSignal, For, type JSX, onCleanup, Show, untrack } from 'solid-js';
import { dashboardsApi } from '../api/dashboards';
import { type Draft, type Monitor, type MonitorOptions, monitorsApi } from '../api/monitors';
import { tMonitors } from '../i18n/monitors';
import { numbersOf, watchedOf } from '../lib/monitor';
import { MonitorChart } from '../parts/MonitorChart';
import { problemWords } from '../parts/Notice';

const queryExample = 'avg(last_5m):avg:app.latency{*} by {service} > 2';
const quietMs = 600;
const hoursMs = 4 * 3_600_000;
const limits = ['warning', 'critical_recovery', 'warning_recovery'] as const;
const missings = ['default', 'show_no_data', 'show_and_notify_no_data', 'resolve'] as const;

// The options of the form over those that it does not show.
function draftOf(data: FormData, before: Monitor | null): Draft {
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const query = text('query');
  const options: MonitorOptions = { ...before?.options };
  const critical = watchedOf(query)?.critical;
  options.thresholds = {
    ...(critical === undefined ? {} : { critical }), ...numbersOf(data, limits),
  };
  options.on_missing_data = text('on_missing_data');
  for (const name of ['renotify_interval', 'evaluation_delay'] as const) {
    options[name] = numbersOf(data, [name])[name] ?? 0;
  }
  return {
    name: text('name'), type: before?.type ?? 'query alert', query, message: text('message'), options,
  };
}

function Preview(props: { draft: Draft }): JSX.Element {
  const words = () => tMonitors();
  const watched = () => watchedOf(props.draft.query ?? '');
  const [said] = createResource(() => props.draft, async (draft) => {
    const toMs = Date.now();
    const range = { fromMs: toMs - hoursMs, toMs };
    try {
      await monitorsApi.check(draft);
      const found = watchedOf(draft.query ?? '');
      const lines = found
        ? await dashboardsApi.lines(found.expression, range.fromMs, range.toMs) : [];
      return { problem: '', lines, range };
    } catch (error) {
      return { problem: problemWords(error), lines: [], range };
    }
  });
  return (
    <section class="monitor-preview" data-testid="monitor-preview">
      <h2>{words().preview}</h2>
      <Show when={said.latest}>
        {(one) => (
          <Show when={!one().problem && watched()} fallback={
            <p class="bad" role="status" dir="auto">{one().problem}</p>}>
            {(found) => <MonitorChart lines={one().lines} watched={found()} range={one().range}
              warning={props.draft.options?.thresholds?.warning ?? null} />}
          </Show>)}
      </Show>
    </section>
  );
}

export function MonitorForm(props: {
  monitor: Monitor | null; onSave: (draft: Draft) => unknown;
}): JSX.Element {
  // What is being written does not change under the hands when the monitor is looked at again.
  const before = untrack(() => props.monitor);
  let form!: HTMLFormElement;
  const words = () => tMonitors();
  const [draft, setDraft] = createSignal<Draft | null>(before);
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
          placeholder={queryExample}>{before?.query ?? ''}</textarea></label>
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
