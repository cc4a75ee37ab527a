// Events as a list and over time, and what service checks said last.
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Check } from '../api/events';
import { tEvents } from '../i18n/events';
import { f } from '../i18n/language';
import {
  type Bar, type EventCount, type Happened, timelineOf, timeOfEvent, toneOfCheck, toneOfEvent,
  type Tone, tones,
} from '../lib/events';
import { oneLine } from '../lib/text';
import type { Range } from '../lib/url_state';
import { Icon, type IconName } from './Icons';
import { TimeAxis } from './TimeAxis';

const textMax = 1_000;
const icons: Record<Tone, IconName> = { bad: 'error', warn: 'warn', good: 'ok', plain: 'clock' };

function Tags(props: { tags: readonly string[] }): JSX.Element {
  return <For each={props.tags}>{(tag) => <span class="chip mono"><bdi>{oneLine(tag)}</bdi></span>}
  </For>;
}

export function EventList(props: {
  name: string; events: readonly Happened[]; more: boolean;
}): JSX.Element {
  const words = () => tEvents();
  return (
    <div class="widget-scroll" tabIndex={0} role="region"
      aria-label={words().stream(props.name, props.events.length)}>
      <ul class="event-list">
        <For each={props.events}>{(event) => (
          <li data-testid="event">
            <p class="event-title">
              <Icon name={icons[toneOfEvent(event.alert_type)]}
                class={toneOfEvent(event.alert_type)}
                label={words().alertTypes[event.alert_type]} />{' '}
              <b><bdi>{oneLine(event.title)}</bdi></b>{' '}
              <span class="quiet num">{f().dateTime(timeOfEvent(event))}</span></p>
            <Show when={event.text}>
              <p class="event-text" dir="auto">{event.text.slice(0, textMax)}
                {event.text.length > textMax ? '…' : ''}</p></Show>
            <p class="event-tags">
              <Tags tags={[...(event.source ? [`source:${event.source}`] : []),
                ...(event.host ? [`host:${event.host}`] : []), ...event.tags]} /></p>
          </li>)}</For>
      </ul>
      <Show when={props.more}>
        <p class="quiet">{words().newest(props.events.length)}</p></Show>
    </div>
  );
}

export function EventTimeline(props: {
  name: string; counts: readonly EventCount[]; stepMs: number; range: Range;
}): JSX.Element {
  const words = () => tEvents();
  const line = createMemo(() => timelineOf(props.counts));
  const total = () => {
    const { bad, warn, good, plain } = line().totals;
    return bad + warn + good + plain;
  };
  const span = () => Math.max(1, props.range.toMs - props.range.fromMs);
  // Steps stand out of the time at both ends.
  const placeOf = (bar: Bar) => {
    const begin = Math.max(0, ((bar.atMs - props.range.fromMs) / span()) * 1000);
    const end = Math.min(1000, ((bar.atMs + props.stepMs - props.range.fromMs) / span()) * 1000);
    return { begin, width: Math.max(2, (end - begin) * 0.85) };
  };
  return (
    <div class="chart">
      <div class="chart-frame">
        <div class="chart-scale num" aria-hidden="true">
          <span>{f().compact(line().most)}</span><span>0</span></div>
        <div class="chart-plot" role="img"
          aria-label={words().timeline(props.name, f().number(total()))}>
          <svg viewBox="0 0 1000 100" preserveAspectRatio="none">
            <For each={line().bars}>{(bar) => {
              const height = () => ((bar.to - bar.from) / Math.max(1, line().most)) * 100;
              return (
                <rect class={`event-bar tone-${bar.tone}`} x={placeOf(bar).begin}
                  width={placeOf(bar).width} height={height()}
                  y={100 - (bar.to / Math.max(1, line().most)) * 100}>
                  <title>{words().bar(f().dateTime(bar.atMs), words().tones[bar.tone],
                    f().number(bar.count))}</title></rect>);
            }}</For>
          </svg>
        </div>
      </div>
      <TimeAxis range={props.range} />
      <ul class="event-totals">
        <For each={tones.filter((tone) => line().totals[tone] > 0)}>{(tone) => (
          <li><span class={`swatch tone-${tone}`} aria-hidden="true" />
            {words().tones[tone]} <b class="num">{f().number(line().totals[tone])}</b></li>)}</For>
      </ul>
    </div>
  );
}

const states = ['critical', 'warning', 'unknown', 'ok'] as const;

export function CheckTable(props: {
  name: string; checks: readonly Check[]; more: boolean;
}): JSX.Element {
  const words = () => tEvents();
  const count = (state: (typeof states)[number]) =>
    props.checks.filter((one) => one.state === state).length;
  return (
    <div class="widget-scroll" tabIndex={0} role="region" aria-label={props.name}>
      <ul class="event-totals">
        <For each={states.filter((state) => count(state) > 0)}>{(state) => (
          <li class={toneOfCheck(state)}><Icon name={icons[toneOfCheck(state)]} />{' '}
            {words().states[state]} <b class="num">{f().number(count(state))}</b></li>)}</For>
      </ul>
      <table class="sheet">
        <thead><tr>
          <th scope="col">{words().state}</th><th scope="col">{words().check}</th>
          <th scope="col">{words().host}</th><th scope="col">{words().tags}</th>
          <th scope="col">{words().message}</th><th scope="col">{words().heard}</th></tr></thead>
        <tbody><For each={props.checks}>{(check) => (
          <tr data-testid="check">
            <td class={toneOfCheck(check.state)}>{words().states[check.state]}</td>
            <th scope="row"><bdi>{oneLine(check.check)}</bdi></th>
            <td><bdi>{oneLine(check.host_name ?? '') || '–'}</bdi></td>
            <td><bdi>{oneLine(check.tags.join(', ')) || '–'}</bdi></td>
            <td dir="auto">{oneLine(check.message) || '–'}</td>
            <td class="num">{f().dateTime(check.timestamp * 1000)}</td>
          </tr>)}</For></tbody>
      </table>
      <Show when={props.more}>
        <p class="quiet">{words().shown(props.checks.length)}</p></Show>
    </div>
  );
}
