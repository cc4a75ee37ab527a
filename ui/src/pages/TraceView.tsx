// Why this one? Verdict first, then totals, the tree with its time, and the chosen span.
import { A, useLocation, useNavigate } from '@solidjs/router';
import {
  createEffect, createMemo, createResource, createSignal, For, type JSX, on, onCleanup, onMount,
  Show,
} from 'solid-js';
import { api, key, type Problem } from '../api/client';
import { onInserted } from '../api/live';
import type { Evaluation, Trace } from '../api/types';
import { f, t } from '../i18n';
import { msOfNs } from '../lib/format';
import { useShortcuts } from '../lib/keys';
import { oneLine } from '../lib/text';
import { buildTree, type Tree } from '../lib/tree';
import { type Verdict, verdictOf } from '../lib/verdict';
import { verdictWords } from '../lib/verdict_words';
import { sumText, sumWords } from '../parts/Cost';
import { Copy } from '../parts/Copy';
import { evaluationTone, evaluationValue } from '../parts/Evaluations';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { SpanPane } from '../parts/SpanPane';
import { SpanTree } from '../parts/SpanTree';

// A trace this young may still be growing: its halves come seconds apart.
const youngMs = 60_000;
const refetchEveryMs = 2_000;

interface Props {
  id: string;
  full: boolean;
  listHref: string;
  onClose: () => void;
}

function firstChoice(tree: Tree, verdict: Verdict): string | null {
  if ('cause' in verdict) return verdict.cause.node.span.span_id;
  const call = tree.order.find((node) => node.span.kind === 'llm');
  return (call ?? tree.order[0])?.span.span_id ?? null;
}

export function TraceView(props: Props): JSX.Element {
  let box!: HTMLElement;
  const location = useLocation();
  const navigate = useNavigate();
  const [trace, { refetch }] = createResource(
    () => ({ id: props.id, key: key() }), ({ id }) => api.trace(id));
  // A refetch of the same trace keeps what is on screen; another id shows its own skeleton.
  const shown = () => {
    if (trace.error) return undefined;
    const latest = trace.latest;
    const isAsked = latest && [latest.id, latest.apm_trace_id, ...latest.llm_trace_ids]
      .includes(props.id);
    return trace.loading && !isAsked ? undefined : latest;
  };
  const tree = createMemo(() => { const s = shown(); return s ? buildTree(s) : undefined; });
  const verdict = createMemo(() => {
    const s = shown();
    const built = tree();
    return s && built ? verdictOf(s, built) : undefined;
  });
  const selected = () => {
    const asked = new URLSearchParams(location.search).get('span');
    const built = tree();
    const found = verdict();
    if (!built || !found) return null;
    return asked && built.byId.has(asked) ? asked : firstChoice(built, found);
  };
  const go = (change: (query: URLSearchParams) => void, replace: boolean) => {
    const query = new URLSearchParams(location.search);
    change(query);
    navigate(`${location.pathname}?${query.toString()}`, { scroll: false, replace });
  };
  const select = (id: string) => go((query) => query.set('span', id), true);
  // eslint-disable-next-line solid/reactivity -- run by an event, where reading is not tracking
  const toggleFull = () => go((query) => {
    if (props.full) query.delete('full');
    else query.set('full', '1');
  }, false);
  const nextError = () => {
    const failed = tree()?.order.filter((node) => node.span.status === 'error') ?? [];
    const at = failed.findIndex((node) => node.span.span_id === selected());
    const next = failed[(at + 1) % Math.max(1, failed.length)];
    if (next) select(next.span.span_id);
  };
  useShortcuts({ Escape: () => props.onClose(), f: toggleFull, e: nextError });
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
  createEffect(on(() => props.id, () => box.focus({ preventScroll: true })));

  return (
    <section ref={box} class="trace-view" classList={{ drawer: !props.full, full: props.full }}
      data-testid="trace-drawer" aria-label={t().trace.title} tabIndex={-1}>
      <Show when={props.full}><h1 class="off-screen">{t().trace.title}</h1></Show>
      <div class="trace-bar">
        <Show when={props.full} fallback={
          <button type="button" class="bare" onClick={() => props.onClose()}
            aria-label={t().common.close} title={`${t().common.close} (Esc)`}>
            <Icon name="close" /></button>}>
          <A href={props.listHref} class="button"><Icon name="back" /> {t().trace.backToList}</A>
        </Show>
        <span class="mono trace-id"><span class="quiet">{t().trace.title}</span> {props.id}</span>
        <Copy text={() => props.id} what={t().span.factNames.trace_id} />
        <span class="spacer" />
        <Show when={(shown()?.totals.errors ?? 0) > 0}>
          <button type="button" class="button" onClick={nextError} title="e">
            <Icon name="error" class="bad" /> {t().trace.nextError}</button>
        </Show>
        <Copy text={() => JSON.stringify(shown(), null, 2)} what={t().trace.json}
          label={t().trace.json} />
        <Show when={!props.full}>
          <button type="button" class="bare to-full" onClick={toggleFull}
            aria-label={t().trace.openFull} title={`${t().trace.openFull} (f)`}>
            <Icon name="expand" /></button>
        </Show>
      </div>
      <Show when={!trace.error} fallback={
        <Show when={(trace.error as Problem).status === 404} fallback={
          <ProblemNotice problem={trace.error as Problem} onRetry={() => void refetch()} />}>
          <p class="empty" role="alert">{t().trace.notFound}</p>
        </Show>}>
        <Show when={shown()} fallback={<TraceSkeleton />}>
          {(s) => (
            <>
              <TraceHead trace={s()} verdict={verdict()} onSelect={select} />
              <div class="trace-split">
                <Show when={tree()}>
                  {(built) => (
                    <SpanTree tree={built()} selected={selected()} onSelect={select} />)}
                </Show>
                <Show when={tree()?.byId.get(selected() ?? '')} fallback={
                  <p class="empty">{t().span.choose}</p>}>
                  {(node) => <SpanPane node={node()} trace={s()} />}
                </Show>
              </div>
            </>
          )}
        </Show>
      </Show>
    </section>
  );
}

function TraceHead(props: {
  trace: Trace; verdict: Verdict | undefined; onSelect: (id: string) => void;
}): JSX.Element {
  const totals = () => props.trace.totals;
  const words = createMemo(() => props.verdict
    ? verdictWords(t(), f(), props.verdict, props.trace.duration_ns) : []);
  const figures = (): [string, string, (string | undefined)?][] => [
    [t().trace.duration, f().duration(props.trace.duration_ns)],
    [t().trace.llmCalls, f().number(totals().llm_calls)],
    [t().trace.spans, f().number(props.trace.total_spans)],
    [t().trace.tokens, totals().total_tokens === null ? '—' : f().number(totals().total_tokens ?? 0),
      totals().total_tokens === null ? t().list.tokensUnknown
        : t().list.tokensInOut(f().number(totals().input_tokens ?? 0),
          f().number(totals().output_tokens ?? 0))],
    [t().trace.cost, sumText(totals().cost), sumWords(t().cost, totals().cost)],
    [t().trace.started, f().dateTime(msOfNs(props.trace.start_ns))],
    [t().trace.services, props.trace.services.map(oneLine).join(', ')],
  ];
  const notes = () => props.trace.notes.map((note) =>
    Object.hasOwn(t().trace.notes, note)
      ? t().trace.notes[note as keyof ReturnType<typeof t>['trace']['notes']] : note);
  return (
    <header class="trace-head">
      <p class={`verdict ${props.verdict?.tone ?? ''}`} data-testid="verdict" dir="auto">
        <Icon name={props.verdict?.tone === 'ok' ? 'ok'
          : props.verdict?.tone === 'warn' ? 'warn' : 'error'} />
        <span>{words()[0]} <span class="verdict-more">{words().slice(1).join(' ')}</span></span>
      </p>
      <dl class="figures">
        <For each={figures().filter((x) => x[1] !== '')}>
          {([name, value, why]) => (
            <div title={why}><dt>{name}</dt><dd class="num">{value}</dd></div>
          )}
        </For>
      </dl>
      <Show when={props.trace.evaluations.length > 0}>
        <EvaluationChips evaluations={props.trace.evaluations} onSelect={props.onSelect} />
      </Show>
      <Show when={props.trace.shown_spans < props.trace.total_spans}>
        <p class="caution">{t().trace.shownOf(
          f().number(props.trace.shown_spans), f().number(props.trace.total_spans))}</p>
      </Show>
      <For each={notes()}>{(note) => <p class="caution">{note}</p>}</For>
    </header>
  );
}

const chipsMax = 12;

function EvaluationChips(props: {
  evaluations: Evaluation[]; onSelect: (id: string) => void;
}): JSX.Element {
  const [all, setAll] = createSignal(false);
  const shown = () => (all() ? props.evaluations : props.evaluations.slice(0, chipsMax));
  return (
    <ul class="chips" aria-label={t().trace.evaluations}>
      <For each={shown()}>
        {(evaluation) => (
          <li>
            <button type="button" class={`chip evaluation ${evaluationTone(evaluation)}`}
              onClick={() => { if (evaluation.span_id) props.onSelect(evaluation.span_id); }}>
              <Icon name={evaluationTone(evaluation) === 'bad' ? 'error'
                : evaluationTone(evaluation) === 'good' ? 'ok' : 'task'} />
              <bdi>{oneLine(evaluation.label)}: {evaluationValue(evaluation)}</bdi>
            </button>
          </li>
        )}
      </For>
      <Show when={!all() && props.evaluations.length > chipsMax}>
        <li><button type="button" class="link" onClick={() => setAll(true)}>
          +{f().number(props.evaluations.length - chipsMax)}</button></li>
      </Show>
    </ul>
  );
}

function TraceSkeleton(): JSX.Element {
  return (
    <div aria-hidden="true" class="trace-skeleton">
      <div class="skeleton skeleton-sentence" />
      <div class="skeleton skeleton-line" />
      <For each={[90, 70, 75, 50, 62, 66, 40, 58]}>
        {(width) => <div class="skeleton skeleton-line" style={{ width: `${width}%` }} />}
      </For>
    </div>
  );
}
