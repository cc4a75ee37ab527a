// What evaluators found: a sentence, and a line for each evaluator and application.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { CountsLine, Engine } from '../api/evaluators';
import { tEvaluators } from '../i18n/evaluators';
import { f } from '../i18n/language';
import { barsOf, mostAtOnce, shareOf, sumsOf } from '../lib/judged';
import { oneLine } from '../lib/text';

const trendSize = { width: 120, height: 20 };

export interface Shown { lines: CountsLine[]; stepMs: number; fromMs: number; toMs: number }

const appWords = (line: CountsLine) => oneLine(line.app ?? '') || tEvaluators().noApp;

export function EvaluatorName(props: { id: string; version: number }): JSX.Element {
  return (
    <>
      <code>{props.id}</code>{' '}
      <small class="evaluator-words">{tEvaluators().names[props.id] ?? ''}
        <span class="quiet"> · {tEvaluators().version(props.version)}</span></small>
    </>
  );
}

export function EngineStatus(props: { engine: Engine }): JSX.Element {
  return (
    <p class="quiet" data-testid="engine">
      {props.engine.running ? tEvaluators().running(f().number(props.engine.spans))
        : <strong>{tEvaluators().off}</strong>}
      <Show when={props.engine.behind_bytes > 0}>
        {' '}{tEvaluators().behind(f().bytes(props.engine.behind_bytes))}</Show>
      <Show when={props.engine.waiting > 0}>
        {' '}{tEvaluators().waiting(f().number(props.engine.waiting))}</Show>
      <Show when={props.engine.skipped_bytes > 0}>
        {' '}<span class="bad">{tEvaluators().skipped(f().bytes(props.engine.skipped_bytes))}</span>
      </Show>
      <Show when={props.engine.problem}>
        {(words) => <>{' '}<span class="bad" dir="auto">{words()}</span></>}</Show>
    </p>
  );
}

export function CountsSentence(props: {
  lines: CountsLine[]; address: (line: CountsLine) => string;
}): JSX.Element {
  const sums = () => sumsOf(props.lines);
  return (
    <p class="lead" data-testid="evaluations-sentence">
      {sums().failed === 0 ? tEvaluators().allWell(f().number(sums().judged))
        : tEvaluators().failedOf(f().number(sums().failed), f().number(sums().judged))}{' '}
      <Show when={sums().worst}>
        {(line) => <A href={props.address(line())}>{tEvaluators().worst(
          line().evaluator, appWords(line()), f().number(line().failed))}</A>}
      </Show>
    </p>
  );
}

function Trend(props: { line: CountsLine; shown: Shown }): JSX.Element {
  return (
    <svg class="evaluator-trend" width={trendSize.width} height={trendSize.height} role="img"
      aria-label={tEvaluators().trendWords(f().number(mostAtOnce(props.line)))}>
      <For each={barsOf(props.line, props.shown, trendSize)}>
        {(bar) => <rect x={bar.x} y={trendSize.height - bar.height} width={bar.width}
          height={bar.height} />}
      </For>
    </svg>
  );
}

export function CountsTable(props: {
  shown: Shown; address: (line: CountsLine) => string;
}): JSX.Element {
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEvaluators().overview}>
      <table class="pairs cost-table" data-testid="evaluation-counts">
        <thead><tr>
          <th scope="col">{tEvaluators().evaluator}</th>
          <th scope="col">{tEvaluators().app}</th>
          <th scope="col">{tEvaluators().judged}</th>
          <th scope="col">{tEvaluators().failed}</th>
          <th scope="col">{tEvaluators().share}</th>
          <th scope="col">{tEvaluators().trend}</th>
        </tr></thead>
        <tbody>
          <For each={props.shown.lines}>
            {(line) => (
              <tr>
                <th scope="row"><EvaluatorName id={line.evaluator} version={line.version} /></th>
                <td><bdi>{appWords(line)}</bdi></td>
                <td class="num">{f().number(line.judged)}</td>
                <td class="num"><Show when={line.failed > 0} fallback="0">
                  <A href={props.address(line)} aria-label={tEvaluators().show(
                    f().number(line.failed), line.evaluator, appWords(line))}>
                    {f().number(line.failed)}</A></Show></td>
                <td class="num">{f().percent(shareOf(line.failed, line.judged))}</td>
                <td><Show when={line.failed > 0}>
                  <Trend line={line} shown={props.shown} /></Show></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
