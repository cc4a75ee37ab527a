// Lines, areas or bars over time, with the values under the pointer and a legend of figures.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import { tEvents } from '../i18n/events';
import { f } from '../i18n/language';
import { type Line, pictureOf, valuesAt } from '../lib/chart';
import { reduced } from '../lib/dashboard';
import { eventsNear, type Happened, timeOfEvent, toneOfEvent } from '../lib/events';
import { oneLine } from '../lib/text';
import type { Range } from '../lib/url_state';
import { TimeAxis } from './TimeAxis';

const ticks = 4;
const legendMax = 8;
const tipMax = 10;
const eventsMax = 5;
// Of the width: what the pointer is near to.
const nearShare = 0.015;

function Legend(props: { name: string; lines: readonly Line[] }): JSX.Element {
  const words = () => tDashboards();
  const shown = () => props.lines.slice(0, legendMax);
  const figure = (line: Line, how: 'last' | 'min' | 'max') => {
    const value = reduced(line.points.map(([, one]) => one), how);
    return value === null ? '–' : f().compact(value);
  };
  return (
    <div class="chart-legend" tabIndex={0} role="region"
      aria-label={`${props.name}: ${words().line}`}>
      <table>
        <thead class="off-screen"><tr><th scope="col">{words().line}</th>
          <th scope="col">{words().last}</th><th scope="col">{words().least}</th>
          <th scope="col">{words().most}</th></tr></thead>
        <tbody>
          <For each={shown()}>{(line, i) => (
            <tr>
              <th scope="row"><span class={`swatch line-${i() % 8}`} aria-hidden="true" />
                <bdi>{line.name}</bdi></th>
              <td class="num" title={words().last}>{figure(line, 'last')}</td>
              <td class="num quiet" title={words().least}>{figure(line, 'min')}</td>
              <td class="num quiet" title={words().most}>{figure(line, 'max')}</td>
            </tr>)}</For>
        </tbody>
      </table>
      <Show when={props.lines.length > legendMax}>
        <p class="quiet">{words().more(props.lines.length - legendMax)}</p></Show>
    </div>
  );
}

// What happened meanwhile, in words: the marks in the picture are for the eye alone.
function Marks(props: { events: readonly Happened[] }): JSX.Element {
  const words = () => tEvents();
  return (
    <details class="chart-events">
      <summary>{words().marks(props.events.length)}</summary>
      <ul>
        <For each={props.events.slice(0, eventsMax)}>{(event) => (
          <li><span class={`swatch tone-${toneOfEvent(event.alert_type)}`} aria-hidden="true" />
            <span class="num quiet">{f().dateTime(timeOfEvent(event))}</span>{' '}
            <bdi>{oneLine(event.title)}</bdi></li>)}</For>
      </ul>
      <Show when={props.events.length > eventsMax}>
        <p class="quiet">{words().marksMore(props.events.length - eventsMax)}</p></Show>
    </details>
  );
}

export function LineChart(props: {
  name: string; lines: Line[]; range: Range; events?: readonly Happened[];
}): JSX.Element {
  let box!: HTMLDivElement;
  const [at, setAt] = createSignal<number | null>(null);
  const picture = createMemo(() => pictureOf(props.lines, props.range.fromMs, props.range.toMs));
  const msAt = (share: number) =>
    props.range.fromMs + share * (props.range.toMs - props.range.fromMs);
  const label = (ms: number) =>
    (props.range.toMs - props.range.fromMs > 36 * 36e5 ? f().day(ms) : f().time(ms).slice(0, 5));
  const events = () => props.events ?? [];
  const shareOf = (event: Happened) =>
    (timeOfEvent(event) - props.range.fromMs) /
    Math.max(1, props.range.toMs - props.range.fromMs);
  const near = (share: number) => eventsNear(events(), msAt(share),
    nearShare * (props.range.toMs - props.range.fromMs)).slice(0, eventsMax);
  const move = (event: PointerEvent) => {
    const rect = box.getBoundingClientRect();
    setAt(Math.min(1, Math.max(0, (event.clientX - rect.left) / Math.max(1, rect.width))));
  };
  return (
    <div class="chart">
      <div class="chart-frame">
        <div class="chart-scale num" aria-hidden="true">
          <span>{f().compact(picture().most)}</span>
          <span>{f().compact(picture().least)}</span></div>
        <div ref={box} class="chart-plot" role="img"
          aria-label={tDashboards().lines(props.name, props.lines.length)}
          onPointerMove={move} onPointerLeave={() => setAt(null)}>
          <svg viewBox="0 0 1000 100" preserveAspectRatio="none">
            <For each={picture().shapes}>{(shape) => (
              <path class={`${shape.kind} line-${shape.color}`} d={shape.path} />)}</For>
          </svg>
          <For each={events()}>{(event) => (
            <div class={`event-mark tone-${toneOfEvent(event.alert_type)}`}
              style={{ left: `${Math.min(1, Math.max(0, shareOf(event))) * 100}%` }} />)}</For>
          <Show when={at()}>
            {(share) => (
              <>
                <div class="chart-rule" style={{ left: `${share() * 100}%` }} />
                <div class="tip" classList={{ left: share() > 0.6 }}
                  style={{ left: `${share() * 100}%` }}>
                  <b class="num">{f().dateTime(msAt(share()))}</b>
                  <For each={valuesAt(props.lines, msAt(share())).slice(0, tipMax)}>{(one) => (
                    <div><bdi>{one.line.name}</bdi>{' '}
                      <b class="num">{f().number(Number(one.value.toPrecision(4)))}</b></div>
                  )}</For>
                  <For each={near(share())}>{(event) => (
                    <div><span class={`swatch tone-${toneOfEvent(event.alert_type)}`} />
                      <bdi>{oneLine(event.title)}</bdi></div>)}</For>
                </div>
              </>
            )}
          </Show>
        </div>
      </div>
      <TimeAxis range={props.range} ticks={ticks} label={label} />
      <Legend name={props.name} lines={props.lines} />
      <Show when={events().length > 0}><Marks events={events()} /></Show>
    </div>
  );
}
