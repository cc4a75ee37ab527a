// Why this one? Verdict first, then totals, then the trace as a tree, a waterfall, a conversation
// or a graph, with the chosen span beside it.
import { A } from '@solidjs/router';
import {
  createEffect, createMemo, createResource, createSignal, type JSX, lazy, Match, on, onCleanup,
  onMount, type ResourceFetcherInfo, Show, Suspense, Switch,
} from 'solid-js';
import { api, key, type Problem } from '../api/client';
import { onInserted } from '../api/live';
import type { Trace, TraceWindows } from '../api/types';
import { tToQueue } from '../i18n/choosing';
import { f } from '../i18n/language';
import { tCommon } from '../i18n/shell';
import { tSpan } from '../i18n/span';
import { tThread, tTrace } from '../i18n/trace';
import { msOfNs } from '../lib/format';
import * as jump from '../lib/jump';
import { useShortcuts } from '../lib/keys';
import { latestOf } from '../lib/latest';
import { keepSame } from '../lib/same';
import { buildTree, type Tree } from '../lib/tree';
import { type Verdict, verdictOf } from '../lib/verdict';
import { AddToQueue } from '../parts/AddToQueue';
import { Copy } from '../parts/Copy';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { TraceSkeleton } from '../parts/Skeleton';
import { SpanPane } from '../parts/SpanPane';
import { SpanTree } from '../parts/SpanTree';
import { TraceHead } from '../parts/TraceHead';
import { JumpButtons, TraceViewSwitch } from '../parts/TraceTools';
import { WindowTree } from '../parts/WindowTree';
import { type TraceAddress, traceViews, useTraceAddress } from './trace_address';
import { TraceCompare } from './TraceCompare';
import { createTraceWindow } from './trace_windows';

// Fetched when first looked at.
const AgentGraph = lazy(() => import('../parts/AgentGraph'));
const Thread = lazy(() => import('../parts/Thread'));

// A trace this young may still be growing: its halves come seconds apart.
const youngMs = 60_000;
const refetchEveryMs = 2_000;
// What is not looked at yet is asked for after this.
const restAfterMs = 700;
// Steps of a conversation that the server sends at once.
const stepsOfPage = 200;

interface Props {
  id: string;
  full: boolean;
  listHref: string;
  onClose: () => void;
  // Some time after the trace is on the page.
  onShown: () => void;
}

function firstChoice(tree: Tree, verdict: Verdict): string | null {
  if ('cause' in verdict) return verdict.cause.node.span.span_id;
  const call = tree.order.find((node) => node.span.kind === 'llm');
  return (call ?? tree.order[0])?.span.span_id ?? null;
}

// The trace, kept up to date while it may still grow.
function useTrace(id: () => string) {
  const [trace, { refetch }] = createResource(
    () => ({ id: id(), key: key() }),
    async (asked, { value }: ResourceFetcherInfo<Trace>) =>
      keepSame(value, await api.trace(asked.id)));
  // A refetch of the same trace keeps what is on screen; another id shows its own skeleton.
  const shown = () => {
    if (trace.error) return undefined;
    const latest = latestOf(trace);
    const isAsked = latest && [latest.id, latest.apm_trace_id, ...latest.llm_trace_ids]
      .includes(id());
    return trace.loading && !isAsked ? undefined : latest;
  };
  onMount(() => {
    let lastMs = 0;
    // eslint-disable-next-line solid/reactivity -- run by an event, where reading is not tracking
    onCleanup(onInserted(() => {
      const s = shown();
      const endMs = s ? msOfNs(s.start_ns) + s.duration_ns / 1e6 : Date.now();
      const nowMs = Date.now();
      if (nowMs - endMs > youngMs || nowMs - lastMs < refetchEveryMs) return;
      lastMs = nowMs;
      void refetch();
    }));
  });
  const problem = () => trace.error as Problem | undefined;
  return { shown, problem, refetch: () => void refetch() };
}

// The part of a large trace around the chosen span: what its pane and a comparison are read from.
function useAround(trace: () => Trace | undefined, span: () => string | null) {
  const missing = () => {
    const s = trace();
    const id = span();
    if (!s?.windows || !id || s.spans.some((known) => known.span_id === id)) return null;
    return { trace: s.id, span: id };
  };
  const [part] = createResource(
    missing, (asked) => api.tracePart(asked.trace, { span: asked.span }));
  const shown = () => (missing() && !part.error && latestOf(part)?.spans.some(
    (known) => known.span_id === span()) ? latestOf(part) : undefined);
  const tree = createMemo(() => { const s = shown(); return s ? buildTree(s) : undefined; });
  return tree;
}

export default function TraceView(props: Props): JSX.Element {
  let box!: HTMLElement;
  const address = useTraceAddress();
  const trace = useTrace(() => props.id);
  const tree = createMemo(() => { const s = trace.shown(); return s ? buildTree(s) : undefined; });
  const verdict = createMemo(() => {
    const s = trace.shown();
    const built = tree();
    return s && built ? verdictOf(s, built) : undefined;
  });
  const selected = () => {
    const asked = address.span();
    const built = tree();
    const found = verdict();
    if (!built || !found) return null;
    if (asked && (built.byId.has(asked) || trace.shown()?.windows)) return asked;
    return firstChoice(built, found);
  };
  const around = useAround(trace.shown, selected);
  const select = (id: string) => address.set({ span: id });
  const toggleFull = () => address.set({ full: props.full ? null : '1' }, false);
  /* eslint-disable solid/reactivity -- run by events, where reading is not tracking */
  // In a large trace the server knows where to look next.
  const go = (what: string, find: (built: Tree, s: Trace) => string | null) => async () => {
    const built = tree();
    const s = trace.shown();
    if (!built || !s) return;
    const id = s.windows
      ? (await api.findInTrace(s.id, what, selected()).catch(() => null))?.span_id : find(built, s);
    if (id) select(id);
  };
  const jumps = {
    error: go('error', (built) => jump.nextError(built, selected())),
    slowest: go('slowest', (built) => jump.slowest(built)),
    cost: go('cost', (built) => jump.dearest(built)),
    evaluation: go('evaluation', (built, s) =>
      jump.nextEvaluationFailure(built, s.evaluations, selected())),
  };
  /* eslint-enable solid/reactivity */
  const showView = (at: number) => () => address.set({ show: traceViews[at] ?? null, cmp: null });
  useShortcuts({
    Escape: () => (address.compared() ? address.set({ cmp: null }) : props.onClose()),
    f: toggleFull, e: jumps.error, s: jumps.slowest, t: jumps.cost, v: jumps.evaluation,
    1: showView(0), 2: showView(1), 3: showView(2), 4: showView(3),
  });
  createEffect(on(() => props.id, () => box.focus({ preventScroll: true })));
  createEffect(() => {
    if (!trace.shown() && !trace.problem()) return;
    const timer = setTimeout(() => props.onShown(), restAfterMs);
    onCleanup(() => clearTimeout(timer));
  });

  return (
    <section ref={box} class="trace-view" classList={{ drawer: !props.full, full: props.full }}
      data-testid="trace-drawer" aria-label={tTrace().title} tabIndex={-1}>
      <Show when={props.full}><h1 class="off-screen">{tTrace().title}</h1></Show>
      <TraceBar id={props.id} full={props.full} listHref={props.listHref} onClose={props.onClose}
        onFull={toggleFull} json={() => JSON.stringify(trace.shown(), null, 2)} />
      <Show when={!trace.problem()} fallback={
        <Show when={trace.problem()?.status === 404} fallback={
          <ProblemNotice problem={trace.problem() as Problem} onRetry={trace.refetch} />}>
          <p class="empty" role="alert">{tTrace().notFound}</p>
        </Show>}>
        <Show when={trace.shown()} fallback={<TraceSkeleton />}>
          {(s) => (
            <>
              <TraceHead trace={s()} verdict={verdict()} onSelect={select} />
              <div class="trace-tools">
                <TraceViewSwitch view={address.view()}
                  onView={(view) => address.set({ show: view === 'tree' ? null : view, cmp: null })} />
                <span class="spacer" />
                <AddToQueue title={tToQueue().addOne.trace}
                  what={() => [{ type: 'trace', content_id: s().id }]} />
                <JumpButtons trace={s()} tree={tree()} jumps={jumps} />
              </div>
              <Show when={tree()}>
                {(built) => <Views trace={s()} tree={built()} around={around()}
                  selected={selected()} onSelect={select} address={address}
                  onJudged={trace.refetch} />}
              </Show>
            </>
          )}
        </Show>
      </Show>
    </section>
  );
}

function TraceBar(props: {
  id: string; full: boolean; listHref: string; onClose: () => void; onFull: () => void;
  json: () => string;
}): JSX.Element {
  return (
    <div class="trace-bar">
      <Show when={props.full} fallback={
        <button type="button" class="bare" onClick={() => props.onClose()}
          aria-label={tCommon().close} title={`${tCommon().close} (Esc)`}>
          <Icon name="close" /></button>}>
        <A href={props.listHref} class="button"><Icon name="back" /> {tTrace().backToList}</A>
      </Show>
      <span class="mono trace-id"><span class="quiet">{tTrace().title}</span> {props.id}</span>
      <Copy text={() => props.id} what={tSpan().factNames.trace_id} />
      <span class="spacer" />
      <Copy text={() => location.href} what={tTrace().link} label={tTrace().link} />
      <Copy text={props.json} what={tTrace().json} label={tTrace().json} />
      <Show when={!props.full}>
        <button type="button" class="bare to-full" onClick={() => props.onFull()}
          aria-label={tTrace().openFull} title={`${tTrace().openFull} (f)`}>
          <Icon name="expand" /></button>
      </Show>
    </div>
  );
}

function LargeTree(props: {
  trace: Trace; windows: TraceWindows; selected: string | null; onSelect: (id: string) => void;
}): JSX.Element {
  const lines = createTraceWindow(() => props.trace.id, () => props.trace.total_spans);
  return <WindowTree window={lines} windows={props.windows} selected={props.selected}
    spanNs={Math.max(1, props.trace.duration_ns)} onSelect={props.onSelect} />;
}

// A conversation of thousands of steps, one page of them at a time.
function PagedThread(props: {
  trace: Trace; steps: number; selected: string | null; onSelect: (id: string) => void;
}): JSX.Element {
  const [from, setFrom] = createSignal(0);
  const [page] = createResource(() => ({ id: props.trace.id, steps: from() }),
    (asked) => api.tracePart(asked.id, { steps: asked.steps }));
  const tree = createMemo(() => {
    const s = page.error ? undefined : latestOf(page);
    return s ? buildTree(s) : undefined;
  });
  const last = () => Math.min(props.steps, from() + stepsOfPage);
  return (
    <div class="thread-pages">
      <p class="thread-pager" role="status" data-testid="thread-pager">
        <button type="button" class="button" disabled={from() === 0}
          onClick={() => setFrom(Math.max(0, from() - stepsOfPage))}>{tThread().before}</button>
        <span class="num">{tThread().page(
          f().number(from() + 1), f().number(last()), f().number(props.steps))}</span>
        <button type="button" class="button" disabled={last() >= props.steps}
          onClick={() => setFrom(from() + stepsOfPage)}>{tThread().after}</button>
      </p>
      <Show when={!page.error} fallback={
        <ProblemNotice problem={page.error as Problem} onRetry={() => setFrom(from())} />}>
        <Show when={tree()} fallback={<TraceSkeleton />}>
          {(built) => <Thread tree={built()} selected={props.selected}
            onSelect={props.onSelect} />}
        </Show>
      </Show>
    </div>
  );
}

// The same trace, looked at in one of four ways; the chosen span stays chosen.
function Views(props: {
  trace: Trace; tree: Tree; around: Tree | undefined; selected: string | null;
  onSelect: (id: string) => void; address: TraceAddress; onJudged: () => void;
}): JSX.Element {
  const node = () => props.tree.byId.get(props.selected ?? '') ??
    props.around?.byId.get(props.selected ?? '');
  const view = () => props.address.view();
  const [paneOf, setPaneOf] = createSignal<string | null>(null);
  const choose = (id: string) => { setPaneOf(props.trace.id); props.onSelect(id); };
  // A conversation is read over its whole width until a span in it is chosen.
  const withPane = () => view() !== 'messages' || paneOf() === props.trace.id;
  const comparing = () => {
    const other = props.address.compared();
    const after = node();
    return other && after ? { other, after: after.span } : null;
  };
  return (
    <Show when={comparing()} fallback={
      <div class={`trace-split show-${view()}`} classList={{ alone: !withPane() }}>
        <Suspense fallback={<TraceSkeleton />}><Switch fallback={
          <Show when={props.trace.windows} fallback={
            <SpanTree tree={props.tree} selected={props.selected} onSelect={props.onSelect} />}>
            {(windows) => <LargeTree trace={props.trace} windows={windows()}
              selected={props.selected} onSelect={props.onSelect} />}
          </Show>}>
          <Match when={view() === 'messages' && props.trace.windows}>
            {(windows) => <PagedThread trace={props.trace} steps={windows().steps}
              selected={withPane() ? props.selected : null} onSelect={choose} />}</Match>
          <Match when={view() === 'messages'}>
            <Thread tree={props.tree} selected={withPane() ? props.selected : null}
              onSelect={choose} /></Match>
          <Match when={view() === 'graph'}>
            <div class="graph-page">
              <Show when={props.trace.windows}>
                <p class="caution">{tTrace().shownOf(f().number(props.trace.shown_spans),
                  f().number(props.trace.total_spans))}</p></Show>
              <AgentGraph tree={props.tree} selected={props.selected} onSelect={props.onSelect} />
            </div>
          </Match>
        </Switch></Suspense>
        <Show when={withPane()}>
          <Show when={node()} fallback={<p class="empty">{tSpan().choose}</p>}>
            {(chosen) => <SpanPane node={chosen()} trace={props.trace}
              onJudged={() => props.onJudged()}
              onCompare={(other) => props.address.set({ cmp: other }, false)} />}
          </Show>
        </Show>
      </div>}>
      {(both) => <TraceCompare trace={props.trace} other={both().other} after={both().after}
        onClose={() => props.address.set({ cmp: null })} />}
    </Show>
  );
}
