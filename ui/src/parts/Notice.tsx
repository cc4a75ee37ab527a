import { type JSX, Show } from 'solid-js';
import { Problem } from '../api/client';
import { tCommon, tProblem } from '../i18n/shell';
import { Icon } from './Icons';

// What to say of anything that was thrown.
export function problemWords(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return tProblem().unreachable;
  if (error.status === 401) return tProblem().unauthorized;
  return error.detail || tProblem().server(error.status);
}

// Something went wrong: what, and what to do about it.
export function ProblemNotice(props: { problem: Problem; onRetry: () => void }): JSX.Element {
  return (
    <div class="notice problem" role="alert">
      <Icon name="error" class="bad" />
      <div>
        <strong>{tProblem().title}</strong>
        <p dir="auto">{problemWords(props.problem)}</p>
        <Show when={props.problem.where}>
          <p class="quiet mono">{props.problem.code} · {props.problem.where}</p>
        </Show>
        <button type="button" class="button" onClick={() => props.onRetry()}>
          {tCommon().retry}
        </button>
      </div>
    </div>
  );
}
