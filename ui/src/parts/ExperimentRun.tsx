// A run of the server's: what it would take, and how far it is.
import { createEffect, createResource, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js';
import { type Estimate, experimentRunsApi, type Run } from '../api/experiment_runs';
import { tExperimentRuns } from '../i18n/experiment_runs';
import { f } from '../i18n/language';
import { sumsOf } from '../lib/experiment_runs';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { problemWords } from './Notice';

const oftenMs = 2_000;
const seldomMs = 10_000;  // once there is much to read again

const calls = (count: number) => tExperimentRuns().calls(count, f().number(count));

function problemText(problem: { kind: string; words: string }): string {
  const known = tExperimentRuns().problems[problem.kind];
  return known ? `${known} (${problem.words})` : problem.words;
}

export function RunEstimate(props: {
  estimate: Estimate; busy: boolean; onRun: () => void;
}): JSX.Element {
  const words = () => tExperimentRuns();
  const one = () => props.estimate;
  const all = () => one().rows * (1 + one().judges.length);
  const left = (count: number | null) =>
    (count === null ? words().endless : words().left(f().number(count)));
  const scant = () => [one().calls_left, ...one().judges.map((judge) => judge.calls_left)]
    .some((count) => count !== null && count < one().rows) || one().tokens_left === 0;
  return (
    <section class="experiment-estimate" data-testid="estimate" aria-live="polite">
      <p>{words().would(f().number(one().rows), calls(one().rows), one().deployment)}
        {' '}({left(one().calls_left)})
        <For each={one().judges}>{(judge) => <>, {words().ofJudge(calls(one().rows),
          oneLine(judge.name))} ({left(judge.calls_left)})</>}</For>.
        <Show when={one().tokens_left !== null}>{' '}
          {words().tokensLeft(f().number(one().tokens_left ?? 0))}</Show></p>
      <Show when={scant()}><p class="judge-warning">{words().notEnough}</p></Show>
      <Show when={one().problem}>{(problem) => (
        <p class="judge-warning" dir="auto">{words().firstLacks}: {problemText(problem())}</p>)}
      </Show>
      <Show when={one().first}>{(first) => (
        <details open class="section"><summary>{words().first}</summary>
          <For each={first()}>{(message) => (
            <div class="experiment-first"><span class="quiet">{message.role}</span>
              <pre class="text" dir="auto" tabIndex={0}>{message.content}</pre></div>)}</For>
        </details>)}</Show>
      <button type="button" class="primary" disabled={props.busy} onClick={() => props.onRun()}>
        {words().run(calls(all()))}</button>
    </section>
  );
}

// Nothing when the server does not run it. `onRow` is called when there are more rows.
export function RunProgress(props: { experiment: string; onRow: () => void }): JSX.Element {
  const words = () => tExperimentRuns();
  const [said, setSaid] = createSignal('');
  const [run, { refetch, mutate }] = createResource(
    () => props.experiment, (id) => experimentRunsApi.one(id));
  createEffect(on(() => {
    const known = latestOf(run);
    return known ? `${known.done} ${known.state}` : '';
  }, (now, before) => { if (before && now) props.onRow(); }));
  createEffect(() => {
    const known = latestOf(run);
    if (known?.state !== 'running') return;
    const timer = setTimeout(() => void refetch(), known.done < 300 ? oftenMs : seldomMs);
    onCleanup(() => clearTimeout(timer));
  });
  const attempt = async (work: Promise<Run>) => {
    try {
      mutate(await work);
      setSaid('');
    } catch (error) {
      setSaid(problemWords(error));
      void refetch();
    }
  };
  return (
    <Show when={latestOf(run)}>{(one) => (
      <section class="experiment-run" data-testid="experiment-run">
        <progress max={one().total} value={one().done} aria-label={words().progress} />
        <p><b role="status">{words().states[one().state]}</b>: {words().done(
          f().number(one().done), f().number(one().total))}
          <Show when={one().failed > 0}>, <span class="bad">{words().failed(
            one().failed, f().number(one().failed))}</span></Show>
          <Used run={one()} /></p>
        <Show when={one().problem}>{(problem) => (
          <p class="judge-warning" dir="auto" data-testid="run-problem">
            <Show when={one().state === 'running'}>{words().waits}: </Show>
            {problemText(problem())}</p>)}</Show>
        <Show when={one().state === 'running' || one().state === 'stopped'}>
          <button type="button" class="button"
            onClick={() => void attempt(experimentRunsApi.cancel(props.experiment))}>
            {words().cancel}</button>{' '}</Show>
        <Show when={one().state === 'stopped' || one().state === 'cancelled'}>
          <button type="button" class="primary"
            onClick={() => void attempt(experimentRunsApi.goOn(props.experiment))}>
            {words().goOn}</button>{' '}</Show>
        <Show when={one().state !== 'running' && one().failed > 0}>
          <button type="button" class="button"
            onClick={() => void attempt(experimentRunsApi.retry(props.experiment))}>
            {words().retry(one().failed, f().number(one().failed))}</button></Show>
        <p role="status" class="bad" dir="auto">{said()}</p>
      </section>)}</Show>
  );
}

function Used(props: { run: Run }): JSX.Element {
  const words = () => tExperimentRuns();
  const sums = () => sumsOf(props.run);
  const cost = () => `${sums().unknown ? '≥ ' : ''}${f().cost(sums().usd)}`;
  return (
    <Show when={sums().tokens > 0}>
      {' · '}{words().tokens(f().number(sums().tokens))}
      {' · '}{sums().unknown && sums().usd === 0 ? words().unknownCost
        : props.run.state === 'completed' ? cost() : words().soFar(cost())}
      <Show when={sums().usdInAll}>{(usd) => <>, {words().inAll(f().cost(usd()))}</>}</Show>
    </Show>
  );
}
