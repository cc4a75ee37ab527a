// One span on one line: its name stepped in by depth, and its time drawn on the axis of the trace.
import { For, type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { tTrace } from '../i18n/trace';
import { tKinds } from '../i18n/verdict';
import { type Named, shortModel, spanTitle } from '../lib/names';
import { oneLine } from '../lib/text';
import { tickNs, ticksOf } from '../lib/ticks';
import { kindWord } from '../lib/verdict_words';
import { Icon, KindIcon } from './Icons';

// Each level steps in, deeper ones by less and less: a name must keep room beside its bar.
function indentPx(depth: number): number {
  return Math.min(depth, 7) * 14 + Math.min(Math.max(0, depth - 7), 20) * 2;
}

export function Axis(props: { spanNs: number }): JSX.Element {
  return (
    <div class="tree-axis" aria-hidden="true">
      <span class="tree-axis-lane">
        <For each={ticksOf(props.spanNs)}>
          {(at) => (
            <span style={{ left: `${(at / Math.max(1, props.spanNs)) * 100}%` }}>
              {at === 0 ? '0' : f().duration(at)}</span>
          )}
        </For>
      </span>
    </div>
  );
}

export interface LineFacts {
  spanId: string;
  named: Named;
  kind: string;
  halves: string;
  // Model or deployment.
  detail: string;
  httpStatus: string;
  failed: boolean;
  failedInside: boolean;
  orphan: boolean;
  depth: number;
  // Spans below it.
  inside: number;
  startNs: number;
  durationNs: number;
  folded: boolean;
  setSize?: number | undefined;
  position?: number | undefined;
}

interface Props {
  facts: LineFacts;
  spanNs: number;
  selected: boolean;
  onSelect: () => void;
  onFold: () => void;
}

export function SpanLine(props: Props): JSX.Element {
  const span = () => props.facts;
  const hasChildren = () => span().inside > 0;
  const name = () => oneLine(spanTitle(span().named));
  const detail = () => oneLine(
    span().kind === 'llm' || span().kind === 'embedding' ? shortModel(span().detail)
      : span().halves === 'apm' ? (span().named.apm_name ?? '') : '');
  const share = (ns: number) => `${(Math.max(0, ns) / props.spanNs) * 100}%`;
  return (
    <div
      role="treeitem"
      id={`span-${span().spanId}`}
      data-testid="span-row"
      class="span-row"
      classList={{
        selected: props.selected, failed: span().failed, path: span().failedInside,
        orphan: span().orphan,
      }}
      aria-level={span().depth + 1}
      aria-expanded={hasChildren() ? !span().folded : undefined}
      aria-selected={props.selected}
      aria-setsize={span().setSize}
      aria-posinset={span().position}
      onClick={() => props.onSelect()}
      onDblClick={() => { if (hasChildren()) props.onFold(); }}
    >
      <span class="span-name" style={{ 'padding-inline-start': `${indentPx(span().depth)}px` }}>
        <span class="twisty" classList={{ has: hasChildren(), folded: span().folded }}
          aria-hidden="true"
          onClick={(event) => {
            if (!hasChildren()) return;
            event.stopPropagation();
            props.onFold();
          }}>
          <Show when={hasChildren()}><Icon name={span().folded ? 'right' : 'down'} /></Show>
        </span>
        <Show when={span().failed} fallback={
          <KindIcon kind={span().kind} label={kindWord(tKinds(), span().kind)} />}>
          <Icon name="error" class="bad" label={tList().error} />
        </Show>
        <bdi class="span-title" title={name()}>{name()}</bdi>
        <Show when={detail() && detail() !== name()}>
          <bdi class="span-detail">{detail()}</bdi></Show>
        <Show when={span().httpStatus}>
          <span class="badge num" classList={{ bad: Number(span().httpStatus) >= 400 }}>
            {span().httpStatus}</span>
        </Show>
        <Show when={span().orphan}>
          <span class="badge warn" title={tTrace().orphan}><Icon name="link" /></span>
        </Show>
        <Show when={span().folded}>
          <span class="badge num">{tTrace().inside(span().inside)}</span></Show>
      </span>
      <span class="lane" aria-hidden="true" style={{ '--tick': share(tickNs(props.spanNs)) }}>
        <span class={`lane-bar ${span().failed ? 'failed' : `fill-${span().kind || 'apm'}`}`}
          style={{ left: share(span().startNs), width: share(span().durationNs) }} />
      </span>
      <span class="span-duration num">{f().duration(span().durationNs)}</span>
    </div>
  );
}
