// Above the spans of a trace: how to look at it, and where to look next.
import { For, type JSX, Show } from 'solid-js';
import type { Trace } from '../api/types';
import { tJump, tTraceViews } from '../i18n/trace';
import { failedEvaluation, tokensOf } from '../lib/jump';
import type { Tree } from '../lib/tree';
import { type TraceViewName, traceViews } from '../pages/trace_address';
import { Icon, type IconName } from './Icons';

export function TraceViewSwitch(props: {
  view: TraceViewName; onView: (view: TraceViewName) => void;
}): JSX.Element {
  return (
    <div class="switch" role="group" aria-label={tTraceViews().label}>
      <For each={traceViews}>
        {(view, i) => (
          <button type="button" aria-pressed={props.view === view} data-testid={`show-${view}`}
            title={`${tTraceViews().hints[view]} (${i() + 1})`}
            onClick={() => props.onView(view)}>{tTraceViews()[view]}</button>
        )}
      </For>
    </div>
  );
}

type Jumps = Record<'error' | 'slowest' | 'cost' | 'evaluation', () => Promise<void>>;
const rows: { name: keyof Jumps; key: string; icon: IconName }[] = [
  { name: 'error', key: 'e', icon: 'error' }, { name: 'slowest', key: 's', icon: 'clock' },
  { name: 'cost', key: 't', icon: 'llm' }, { name: 'evaluation', key: 'v', icon: 'task' },
];

// Only what there is to go to.
export function JumpButtons(props: {
  trace: Trace; tree: Tree | undefined; jumps: Jumps;
}): JSX.Element {
  const has = (name: keyof Jumps): boolean => {
    switch (name) {
      case 'error': return props.trace.totals.errors > 0;
      case 'slowest': return props.trace.total_spans > 1;
      case 'cost': return props.trace.totals.llm_calls > 1 && (props.tree?.order.filter((n) => tokensOf(n) > 0).length ?? 0) > 0;
      case 'evaluation': return props.trace.evaluations.some(failedEvaluation);
    }
  };
  return (
    <div class="jumps" role="group" aria-label={tJump().label}>
      <For each={rows.filter((row) => has(row.name))}>
        {(row) => (
          <button type="button" class="link" data-testid={`jump-${row.name}`}
            title={`${tJump()[row.name]} (${row.key})`} aria-keyshortcuts={row.key}
            onClick={() => void props.jumps[row.name]()}>
            <Icon name={row.icon} class={row.name === 'error' ? 'bad' : ''} />
            <span>{tJump()[row.name]}</span>
            <Show when={row.key}><kbd aria-hidden="true">{row.key}</kbd></Show>
          </button>
        )}
      </For>
    </div>
  );
}
