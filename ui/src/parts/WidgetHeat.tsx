// How values are distributed: over time, or all together.
import { createMemo, For, type JSX } from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import { f } from '../i18n/language';
import { coarser, type Heat } from '../lib/heat';
import type { Range } from '../lib/url_state';
import { TimeAxis } from './TimeAxis';

const figure = (value: number): string => f().compact(Number(value.toPrecision(3)));
const most = (counts: readonly number[]): number =>
  counts.reduce((a, b) => Math.max(a, b), 0);

interface Cell { x: number; y: number; width: number; opacity: number; words: string }

export function HeatMap(props: { name: string; heat: Heat; range: Range }): JSX.Element {
  const words = () => tDashboards();
  const heat = createMemo(() => coarser(props.heat));
  const bins = () => Math.max(1, heat().bounds.length - 1);
  const cells = createMemo(() => {
    const { times, counts, bounds, stepMs } = heat();
    const highest = most(counts.map(most));
    const span = Math.max(1, props.range.toMs - props.range.fromMs);
    return times.flatMap((at, i) => (counts[i] ?? []).flatMap((count, bin): Cell[] => {
      if (count <= 0) return [];
      const x = ((at - props.range.fromMs) / span) * 1000;
      return [{
        x: Math.max(0, x), y: bins() - 1 - bin,
        width: (stepMs / span) * 1000 + Math.min(0, x),
        // Few are to be seen beside many.
        opacity: 0.15 + 0.85 * Math.sqrt(count / Math.max(1e-9, highest)),
        words: words().bin(f().dateTime(at), figure(bounds[bin] ?? 0),
          figure(bounds[bin + 1] ?? 0), f().number(Number(count.toPrecision(4)))),
      }];
    }));
  });
  return (
    <div class="chart">
      <div class="chart-frame">
        <div class="chart-scale num" aria-hidden="true">
          <span>{figure(heat().bounds.at(-1) ?? 0)}</span>
          <span>{figure(heat().bounds[0] ?? 0)}</span></div>
        <div class="chart-plot" role="img" aria-label={words().heat(props.name,
          figure(heat().bounds[0] ?? 0), figure(heat().bounds.at(-1) ?? 0))}>
          <svg viewBox={`0 0 1000 ${bins()}`} preserveAspectRatio="none">
            <For each={cells()}>{(cell) => (
              <rect class="heat line-0" x={cell.x} y={cell.y} width={Math.max(1, cell.width)}
                height="1" fill-opacity={cell.opacity}><title>{cell.words}</title></rect>)}</For>
          </svg>
        </div>
      </div>
      <TimeAxis range={props.range} />
    </div>
  );
}

export function Distribution(props: {
  name: string; bounds: readonly number[]; counts: readonly number[];
}): JSX.Element {
  const words = () => tDashboards();
  const highest = () => most(props.counts);
  const width = () => 1000 / Math.max(1, props.counts.length);
  return (
    <div class="chart">
      <div class="chart-frame">
        <div class="chart-scale num" aria-hidden="true">
          <span>{figure(highest())}</span><span>0</span></div>
        <div class="chart-plot" role="img" aria-label={words().heat(props.name,
          figure(props.bounds[0] ?? 0), figure(props.bounds.at(-1) ?? 0))}>
          <svg viewBox="0 0 1000 100" preserveAspectRatio="none">
            <For each={props.counts}>{(count, i) => {
              const height = () => (count / Math.max(1e-9, highest())) * 100;
              return (
                <rect class="heat line-0" x={i() * width()} width={width() * 0.92}
                  y={100 - height()} height={height()}>
                  <title>{words().bin('', figure(props.bounds[i()] ?? 0),
                    figure(props.bounds[i() + 1] ?? 0), figure(count)).trim()}</title></rect>);
            }}</For>
          </svg>
        </div>
      </div>
      <div class="axis num" aria-hidden="true">
        <span>{figure(props.bounds[0] ?? 0)}</span>
        <span>{figure(props.bounds[Math.floor(props.bounds.length / 2)] ?? 0)}</span>
        <span>{figure(props.bounds.at(-1) ?? 0)}</span></div>
    </div>
  );
}
