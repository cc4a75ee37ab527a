// Parts of a whole: rings, and boxes within boxes.
import { createMemo, For, type JSX, Show } from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import { f } from '../i18n/language';
import { ringsOf, ringsRadius, sharesOf, treemapOf } from '../lib/shares';
import type { ScalarTable } from '../lib/scalar_table';
import { oneLine } from '../lib/text';

const figure = (value: number): string => f().compact(Number(value.toPrecision(4)));
const pathText = (names: readonly string[]): string => names.map(oneLine).join(' › ');

interface Parts { name: string; table: ScalarTable; hidesTotal?: boolean }

export function Sunburst(props: Parts): JSX.Element {
  const words = () => tDashboards();
  const root = createMemo(() => sharesOf(props.table, words().others));
  const arcs = createMemo(() => ringsOf(root()));
  const size = ringsRadius * 2;
  return (
    <div class="sunburst">
      <svg viewBox={`${-ringsRadius} ${-ringsRadius} ${size} ${size}`} role="img"
        aria-label={words().parts(props.name, root().children.length)}>
        <For each={arcs()}>{(arc) => (
          <path class={`line-${arc.share.color}`} d={arc.path}
            style={{ 'fill-opacity': String(0.9 / (1 + arc.depth * 0.6)) }}>
            <title>{`${pathText(arc.names)}: ${figure(arc.share.value)} (${f().percent(arc.part)})`}
            </title></path>)}</For>
        <Show when={!props.hidesTotal}>
          <text class="num" text-anchor="middle" dominant-baseline="central">
            {figure(root().value)}</text></Show>
      </svg>
      <ul class="parts">
        <For each={root().children}>{(part) => (
          <li><span class={`swatch line-${part.color}`} aria-hidden="true" />
            <bdi>{oneLine(part.name)}</bdi>{' '}
            <span class="num quiet">{figure(part.value)} ·{' '}
              {f().percent(root().value > 0 ? part.value / root().value : 0)}</span></li>)}</For>
      </ul>
    </div>
  );
}

export function Treemap(props: Parts): JSX.Element {
  const words = () => tDashboards();
  const root = createMemo(() => sharesOf(props.table, words().others));
  return (
    <ul class="treemap" aria-label={words().parts(props.name, root().children.length)}>
      <For each={treemapOf(root())}>{(box) => (
        <li class={`line-${box.share.color}`}
          title={`${pathText(box.names)}: ${figure(box.share.value)} (${f().percent(box.part)})`}
          style={{
            left: `${box.x}%`, top: `${box.y}%`, width: `${box.width}%`, height: `${box.height}%`,
          }}>
          <bdi>{pathText(box.names)}</bdi>{' '}
          <span class="num">{figure(box.share.value)} · {f().percent(box.part)}</span></li>)}</For>
    </ul>
  );
}
