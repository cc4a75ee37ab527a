// What evaluators found, by application; how they are set; a text and the past to try them on.
import { A, useSearchParams } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import type { Problem } from '../api/client';
import {
  type CountsLine, type Engine, type Evaluator, evaluatorsApi, type Run,
} from '../api/evaluators';
import { f, t } from '../i18n';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { parseState, requestOf, resolveRange, writeState } from '../lib/url_state';
import { bodyOf, EvaluatorForm, EvaluatorTable } from '../parts/EvaluatorSettings';
import { EvaluatorTrial, Passes } from '../parts/EvaluatorTrial';
import { ProblemNotice } from '../parts/Notice';
import { wordsOf } from '../parts/RedactionTrial';
import { TimeRange } from '../parts/TimeRange';

const trendWidth = 120;
const trendHeight = 20;
const refreshMs = 5_000;

// Failures over time, a bar for each stretch.
function Trend(props: { line: CountsLine; fromMs: number; toMs: number; stepMs: number }): JSX.Element {
  const most = () => Math.max(0, ...props.line.buckets.map((bucket) => bucket.failed));
  const bars = () => {
    const width = trendWidth / Math.max(1, (props.toMs - props.fromMs) / props.stepMs);
    return props.line.buckets.filter((bucket) => bucket.failed > 0).map((bucket) => ({
      x: ((bucket.start_ms - props.fromMs) / (props.toMs - props.fromMs)) * trendWidth,
      width: Math.max(1, width - 0.5),
      height: Math.max(2, (bucket.failed / most()) * trendHeight),
    }));
  };
  return (
    <svg class="evaluator-trend" width={trendWidth} height={trendHeight} role="img"
      aria-label={t().evaluators.trendWords(f().number(most()))}>
      <For each={bars()}>
        {(bar) => <rect x={bar.x} y={trendHeight - bar.height} width={bar.width}
          height={bar.height} />}
      </For>
    </svg>
  );
}

function Status(props: { engine: Engine }): JSX.Element {
  return (
    <p class="lead" data-testid="engine">
      {props.engine.running ? t().evaluators.running(f().number(props.engine.spans))
        : t().evaluators.off}
      <Show when={props.engine.behind_bytes > 0}>
        {' '}{t().evaluators.behind(f().bytes(props.engine.behind_bytes))}</Show>
      <Show when={props.engine.skipped_bytes > 0}>
        {' '}<span class="bad">{t().evaluators.skipped(f().bytes(props.engine.skipped_bytes))}</span>
      </Show>
      <Show when={props.engine.problem}>
        {(words) => <>{' '}<span class="bad" dir="auto">{words()}</span></>}</Show>
    </p>
  );
}

function Overview(props: {
  lines: CountsLine[]; stepMs: number; fromMs: number; toMs: number;
  address: (line: CountsLine) => string;
}): JSX.Element {
  const app = (line: CountsLine) => oneLine(line.app ?? '') || t().evaluators.noApp;
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={t().evaluators.overview}>
      <table class="pairs cost-table" data-testid="evaluation-counts">
        <thead><tr>
          <th scope="col">{t().evaluators.evaluator}</th>
          <th scope="col">{t().evaluators.app}</th>
          <th scope="col">{t().evaluators.judged}</th>
          <th scope="col">{t().evaluators.failed}</th>
          <th scope="col">{t().evaluators.share}</th>
          <th scope="col">{t().evaluators.trend}</th>
        </tr></thead>
        <tbody>
          <For each={props.lines}>
            {(line) => (
              <tr>
                <th scope="row"><code>{line.evaluator}</code>{' '}
                  <span class="quiet">{t().evaluators.version(line.version)}</span></th>
                <td><bdi>{app(line)}</bdi></td>
                <td class="num">{f().number(line.judged)}</td>
                <td class="num"><Show when={line.failed > 0} fallback="0">
                  <A href={props.address(line)} aria-label={t().evaluators.show(
                    f().number(line.failed), line.evaluator, app(line))}>
                    {f().number(line.failed)}</A></Show></td>
                <td class="num">{f().percent(line.judged > 0 ? line.failed / line.judged : 0)}</td>
                <td><Show when={line.failed > 0}>
                  <Trend line={line} stepMs={props.stepMs} fromMs={props.fromMs}
                    toMs={props.toMs} /></Show></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

export default function EvaluationsPage(): JSX.Element {
  useTitle(() => t().evaluators.title);
  const [query, setQuery] = useSearchParams();
  const text = (name: string) => {
    const value = query[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  const state = () => parseState(new URLSearchParams({
    from: text('from') || 'now-24h', to: text('to') || 'now',
  }));
  const range = () => resolveRange(state(), Date.now());
  const [all, { refetch }] = createResource(() => evaluatorsApi.all());
  const [runs, { refetch: runsAgain }] = createResource(() => evaluatorsApi.runs());
  const [counts, { refetch: countsAgain }] = createResource(
    () => ({ from: state().from, to: state().to, app: text('ml_app') }),
    (asked) => {
      const times = range();
      const request = requestOf(state(), times);
      request.delete('view');
      if (asked.app) request.set('ml_app', asked.app);
      return evaluatorsApi.counts(request).then((found) => ({ ...found, ...times }));
    });
  const [changing, setChanging] = createSignal<Evaluator | null>(null);
  const [said, setSaid] = createSignal('');
  const [bad, setBad] = createSignal(false);
  const again = () => { void refetch(); void runsAgain(); void countsAgain(); };
  const timer = setInterval(() => { if (!document.hidden) again(); }, refreshMs);
  onCleanup(() => { clearInterval(timer); });
  const change = async (work: Promise<unknown>, words: string) => {
    try {
      await work;
      setSaid(words);
      setBad(false);
      setChanging(null);
    } catch (error) {
      setSaid(wordsOf(error));
      setBad(true);
    }
    again();
  };
  // The worst first.
  const lines = () => [...(counts.latest?.lines ?? [])].sort((a, b) =>
    b.failed - a.failed || b.judged - a.judged || a.evaluator.localeCompare(b.evaluator));
  const apps = () =>
    [...new Set((counts.latest?.lines ?? []).map((line) => line.app ?? ''))].filter(Boolean).sort();
  const address = (line: CountsLine) => {
    const found = writeState({
      ...state(), view: 'spans', q: `@evaluation.${line.evaluator}.assessment:fail`,
    });
    if (line.app) found.set('ml_app', line.app);
    return `/traces?${found.toString()}`;
  };
  const begin = (evaluator: string) => change(evaluatorsApi.begin({
    evaluator, from: String(Math.floor(range().fromMs)), to: String(Math.ceil(range().toMs)),
  }), '');
  return (
    <div class="page costs redaction">
      <h1>{t().evaluators.title}</h1>
      <p class="quiet">{t().evaluators.intro}</p>
      <Show when={(all.error ?? counts.error) as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={again} />}
      </Show>
      <Show when={all.latest?.engine}>{(engine) => <Status engine={engine()} />}</Show>
      <section>
        <h2>{t().evaluators.overview}</h2>
        <div class="cost-tools">
          <TimeRange state={state()} range={range()}
            onRange={(from, to) => setQuery({ from, to })} />
          <label>{t().evaluators.app}{' '}
            <select value={text('ml_app')}
              onChange={(event) => setQuery({ ml_app: event.currentTarget.value || null })}>
              <option value="">{t().evaluators.allApps}</option>
              <For each={apps()}>
                {(app) => <option value={app} selected={app === text('ml_app')}>{app}</option>}
              </For>
            </select></label>
        </div>
        <Show when={counts.latest && lines().length > 0 ? counts.latest : undefined}
          fallback={<p class="quiet">{counts.loading ? '' : t().evaluators.none}</p>}>
          {(found) => (
            <Overview lines={lines()} stepMs={found().interval_ms} fromMs={found().fromMs}
              toMs={found().toMs} address={address} />
          )}
        </Show>
      </section>
      <EvaluatorTrial />
      <section>
        <h2>{t().evaluators.settings}</h2>
        <EvaluatorTable evaluators={all.latest?.evaluators ?? []} onChange={setChanging}
          onToggle={(one) => void change(evaluatorsApi.put(one.id, {
            ...bodyOf(one), enabled: !one.settings.enabled,
          }), t().evaluators.saved)} />
        <Show when={changing()} keyed>
          {(one) => (
            <EvaluatorForm evaluator={one} onCancel={() => setChanging(null)}
              onSave={(body) => void change(evaluatorsApi.put(one.id, body), t().evaluators.saved)} />
          )}
        </Show>
        <p role="status" classList={{ bad: bad(), good: !bad() && said() !== '' }} dir="auto">
          {said()}</p>
      </section>
      <Passes runs={runs.latest?.runs ?? []} onBegin={(id) => void begin(id)}
        evaluators={(all.latest?.evaluators ?? []).map((one) => one.id)}
        onCancel={(run: Run) => void change(evaluatorsApi.cancel(run.id), '')} />
    </div>
  );
}
