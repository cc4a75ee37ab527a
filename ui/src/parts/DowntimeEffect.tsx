// What a downtime does: when it comes next, and who is silent then.
import { A } from '@solidjs/router';
import {
  createEffect, createResource, createSignal, For, type JSX, onCleanup, Show, untrack,
} from 'solid-js';
import type { Affected, Effect, Wanted, Window } from '../api/downtimes';
import { tDowntimes } from '../i18n/downtimes';
import { f } from '../i18n/language';
import { oneLine } from '../lib/text';
import { isZone } from '../lib/zone';
import { problemWords } from './Notice';

const quietMs = 400;

// "Mon, 5 Jan 2026, 22:00" by the clocks of the zone.
export const momentIn = (time: string, zone: string): string =>
  new Intl.DateTimeFormat(f().locale, {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit',
    minute: '2-digit', hourCycle: 'h23', timeZone: isZone(zone) ? zone : 'UTC',
  }).format(Date.parse(time));

export function Windows(props: { next: Window[]; zone: string }): JSX.Element {
  const words = () => tDowntimes();
  return (
    <Show when={props.next.length > 0} fallback={<p class="quiet">{words().never}</p>}>
      <ol class="plain-list num" data-testid="next-times"><For each={props.next}>{(one) => (
        <li>{words().window(momentIn(one.start, props.zone),
          one.end ? momentIn(one.end, props.zone) : words().forever)}</li>)}</For></ol>
    </Show>
  );
}

export function Monitors(props: { monitors: Affected[]; count: number }): JSX.Element {
  const words = () => tDowntimes();
  return (
    <Show when={props.count > 0} fallback={<p class="caution">{words().affectsNone}</p>}>
      <ul class="plain-list" data-testid="affected">
        <For each={props.monitors}>{(one) => (
          <li><A href={`/monitors/${one.id}`}><bdi>{oneLine(one.name)}</bdi></A>{' '}
            <Show when={one.covered < one.groups}>
              <span class="quiet">{words().groupsOf(one.covered, one.groups)}</span></Show></li>
        )}</For>
        <Show when={props.count > props.monitors.length}>
          <li class="quiet">{words().andMore(props.count - props.monitors.length)}</li></Show>
      </ul>
    </Show>
  );
}

// Asked once nothing has been written for a moment; the last answer stays until the next.
export function EffectOf(props: {
  wanted: Wanted; zone: string; ask: (wanted: Wanted) => Promise<Effect>;
}): JSX.Element {
  const words = () => tDowntimes();
  const ask = untrack(() => props.ask);
  const [asked, setAsked] = createSignal<Wanted>();
  createEffect(() => {
    const wanted = props.wanted;
    const timer = setTimeout(() => setAsked(wanted), quietMs);
    onCleanup(() => { clearTimeout(timer); });
  });
  const [said] = createResource(asked, async (wanted) => {
    try {
      return { effect: await ask(wanted), problem: '' };
    } catch (error) {
      return { effect: null, problem: problemWords(error) };
    }
  });
  return (
    <section class="wide monitor-preview" data-testid="downtime-preview">
      <h2>{words().preview}</h2>
      <p class="bad" role="status" dir="auto">{said.latest?.problem ?? ''}</p>
      <Show when={said.latest} fallback={<div class="skeleton skeleton-lines" />}>
        <Show when={said.latest?.effect}>
          {(effect) => (
            <div class="downtime-effect">
              <div><h3>{words().nextTimes}</h3>
                <Windows next={effect().next} zone={props.zone} /></div>
              <div><h3>{words().affects}</h3>
                <Monitors monitors={effect().monitors} count={effect().monitors_count} /></div>
            </div>)}
        </Show>
      </Show>
    </section>
  );
}
