// What a monitor looks at, with its thresholds as lines.
import type { JSX } from 'solid-js';
import { For, Show } from 'solid-js';
import type { MetricLine } from '../api/dashboards';
import { tMonitors } from '../i18n/monitors';
import type { Line } from '../lib/chart';
import { flat, type Watched } from '../lib/monitor';
import type { Range } from '../lib/url_state';
import { LineChart } from './LineChart';

export function MonitorChart(props: {
  lines: MetricLine[]; watched: Watched; warning: number | null; range: Range;
}): JSX.Element {
  const words = () => tMonitors();
  const marks = (): Line[] => {
    if (!props.watched.plain) return [];
    const { critical, sign } = props.watched;
    const { fromMs, toMs } = props.range;
    return [
      flat(words().critical(`${sign} ${critical}`), critical, fromMs, toMs),
      ...(props.warning === null ? []
        : [flat(words().warning(`${sign} ${props.warning}`), props.warning, fromMs, toMs)]),
    ];
  };
  const lines = (): Line[] => [
    ...marks(),
    ...props.lines.map((line) => ({
      name: line.scope === '*' ? line.expression : line.scope, display: 'line' as const,
      points: line.pointlist, stepMs: line.interval * 1000,
    })),
  ];
  return (
    <Show when={props.lines.length > 0} fallback={<p class="quiet">{words().noData}</p>}>
      <For each={[props.range]}>{(range) => (
        <div class="monitor-chart" classList={{ marked: marks().length > 0 }}
          data-marks={marks().length}>
          <LineChart name={words().chart} lines={lines()} range={range} /></div>)}</For>
    </Show>
  );
}
