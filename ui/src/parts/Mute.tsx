// To have quiet of a monitor, or of one of its groups, until some time; and whether it is quiet.
import { A } from '@solidjs/router';
import { createSignal, For, type JSX, Show, untrack } from 'solid-js';
import { type Monitor, monitorsApi, type Muted } from '../api/monitors';
import { tDowntimes } from '../i18n/downtimes';
import { f } from '../i18n/language';
import { oneLine } from '../lib/text';
import { localAt, timeOf, tomorrowMorning, zoneHere } from '../lib/zone';
import { Dialog } from './Dialog';
import { problemWords } from './Notice';

const hourMs = 3_600_000;
const spans = ['hour', 'fourHours', 'morning', 'week', 'forever'] as const;
type Span = typeof spans[number];

function endOf(span: Span, nowMs: number): number | null {
  if (span === 'morning') return tomorrowMorning(nowMs);
  if (span === 'forever') return null;
  return nowMs + { hour: 1, fourHours: 4, week: 168 }[span] * hourMs;
}

const moment = (ms: number) => new Intl.DateTimeFormat(f().locale, {
  weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit',
  hourCycle: 'h23',
  ...(new Date(ms).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
}).format(ms);

export const mutedWords = (muted: Muted): string => (muted.until === null
  ? tDowntimes().muted : tDowntimes().mutedUntil(moment(muted.until * 1000)));

export function MuteDialog(props: {
  monitor: Monitor; scope: string; onClose: () => void; onMuted: () => void;
}): JSX.Element {
  const words = () => tDowntimes();
  const groups = () =>
    Object.keys(props.monitor.state?.groups ?? {}).filter((one) => one !== '*');
  const [scope, setScope] = createSignal(untrack(() => props.scope));
  const [problem, setProblem] = createSignal('');
  const [until, setUntil] = createSignal(localAt(Date.now() + 8 * hourMs, zoneHere()));
  let body!: HTMLDivElement;
  const mute = async (endMs: number | null) => {
    try {
      await monitorsApi.mute(props.monitor.id, scope(), endMs);
      props.onMuted();
      body.closest('dialog')?.close();
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return (
    <Dialog title={words().muteOf(oneLine(props.monitor.name))}
      onClose={() => { props.onClose(); }}>
      <div class="mute-choices" data-testid="mute-dialog" ref={body}>
        <p class="bad" role="status" dir="auto">{problem()}</p>
        <Show when={groups().length > 0}>
          <label class="wide">{words().muteWhat}
            <select name="scope" onChange={(event) => setScope(event.currentTarget.value)}>
              <option value="*" selected={scope() === '*'}>{words().everything}</option>
              <For each={groups()}>{(one) => (
                <option value={one} selected={one === scope()}>{one}</option>)}</For>
            </select></label>
        </Show>
        <For each={spans}>{(span) => (
          <button type="button" class="button" data-testid={`mute-${span}`}
            onClick={() => void mute(endOf(span, Date.now()))}>
            {words().spans[span]}</button>)}</For>
        <form class="mute-until" onSubmit={(event) => {
          event.preventDefault();
          void mute(timeOf(until(), zoneHere()));
        }}>
          <label>{words().untilTime}
            <input type="datetime-local" required value={until()}
              onInput={(event) => setUntil(event.currentTarget.value)} /></label>
          <button type="submit" class="button">{words().muteThen}</button>
        </form>
      </div>
    </Dialog>
  );
}

// What is muted here is unmuted here; what a downtime mutes is changed where those are.
export function Quiet(props: {
  muted: Muted | null; name: string; label?: string; testId?: string; class: string;
  onMute: () => void; onUnmute: () => void;
}): JSX.Element {
  const words = () => tDowntimes();
  return (
    <Show when={props.muted} fallback={
      <button type="button" class={props.class} data-testid={props.testId}
        aria-label={words().muteOf(props.name)} onClick={() => { props.onMute(); }}>
        {words().mute}</button>}>
      {(muted) => (
        <Show when={muted().alone} fallback={
          <A class={props.class} href="/monitors/downtimes">{words().mutedBy}</A>}>
          <button type="button" class={props.class} data-testid={props.testId}
            aria-label={words().unmuteOf(props.name)} onClick={() => { props.onUnmute(); }}>
            {words().unmute}</button></Show>)}
    </Show>
  );
}
