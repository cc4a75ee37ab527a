// Calls over time by status, 64 px high. Dragging over it chooses a time range.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { type Bar, barsOf } from '../lib/summary';
import type { Range } from '../lib/url_state';
import type { Series } from '../api/types';
import { TimeAxis } from './TimeAxis';

const height = 64;
const ticks = 5;

interface Props {
  series: Series | null;
  range: Range;
  onRange: (range: Range) => void;
}

export function Histogram(props: Props): JSX.Element {
  let box!: HTMLDivElement;
  const [brush, setBrush] = createSignal<[number, number] | null>(null);
  const [hover, setHover] = createSignal<{ bar: Bar; at: number } | null>(null);
  const bars = createMemo(() => {
    const series = props.series;
    return series
      ? barsOf(series.buckets, series.interval_ms, props.range.fromMs, props.range.toMs) : [];
  });
  const max = createMemo(() => Math.max(1, ...bars().map((bar) => bar.ok + bar.errors)));
  const startMs = () => bars()[0]?.fromMs ?? props.range.fromMs;
  const endMs = () => bars().at(-1)?.toMs ?? props.range.toMs;
  const shareAt = (event: PointerEvent) => {
    const rect = box.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
  };
  const msAt = (share: number) => startMs() + share * (endMs() - startMs());
  const label = (ms: number) =>
    endMs() - startMs() > 36 * 36e5 ? f().day(ms)
      : f().time(ms).slice(0, endMs() - startMs() < 4 * 6e4 ? 8 : 5);
  const move = (event: PointerEvent) => {
    const at = shareAt(event);
    const held = brush();
    if (held) setBrush([held[0], at]);
    const bar = bars()[Math.min(bars().length - 1, Math.floor(at * bars().length))];
    setHover(bar ? { bar, at } : null);
  };
  const release = () => {
    const held = brush();
    setBrush(null);
    if (!held || Math.abs(held[1] - held[0]) < 0.005) return;
    const [from, to] = held[0] < held[1] ? held : [held[1], held[0]];
    props.onRange({ fromMs: Math.round(msAt(from)), toMs: Math.round(msAt(to)) });
  };
  const words = (bar: Bar) =>
    tList().bucket({
      time: f().dateTime(bar.fromMs),
      count: f().number(bar.ok + bar.errors),
      errors: f().number(bar.errors),
      p95: bar.p95Ns > 0 ? f().duration(bar.p95Ns) : '–',
    });
  const px = (count: number) => (count === 0 ? 0 : Math.max(2, (count / max()) * (height - 2)));

  return (
    <div class="histogram">
      <div
        ref={box}
        class="histogram-plot"
        role="img"
        aria-label={tList().histogram}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          box.setPointerCapture(event.pointerId);
          const at = shareAt(event);
          setBrush([at, at]);
        }}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => setBrush(null)}
        onPointerLeave={() => setHover(null)}
      >
        <svg viewBox={`0 0 ${Math.max(1, bars().length)} ${height}`} preserveAspectRatio="none">
          <For each={bars()}>
            {(bar, i) => (
              <>
                <rect class="bar-ok" x={i() + 0.08} width={0.84}
                  y={height - px(bar.ok) - px(bar.errors)} height={px(bar.ok)} />
                <rect class="bar-error" x={i() + 0.08} width={0.84}
                  y={height - px(bar.errors)} height={px(bar.errors)} />
              </>
            )}
          </For>
        </svg>
        <Show when={brush()}>
          {(held) => (
            <div class="brush" style={{
              left: `${Math.min(...held()) * 100}%`,
              width: `${Math.abs(held()[1] - held()[0]) * 100}%`,
            }} />
          )}
        </Show>
        <Show when={hover()}>
          {(h) => (
            <div class="tip" classList={{ left: h().at > 0.6 }} style={{ left: `${h().at * 100}%` }}>
              {words(h().bar)}
            </div>
          )}
        </Show>
        <span class="histogram-max" aria-hidden="true">{
          bars().some((bar) => bar.ok + bar.errors > 0) ? f().compact(max()) : ''}</span>
      </div>
      <TimeAxis range={{ fromMs: startMs(), toMs: endMs() }} ticks={ticks} label={label} />
    </div>
  );
}
