import { type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { t } from '../i18n';
import { Icon } from './Icons';

// Something went wrong: what, and what to do about it.
export function ProblemNotice(props: { problem: Problem; onRetry: () => void }): JSX.Element {
  const words = () => {
    if (props.problem.status === 0) return t().problem.unreachable;
    if (props.problem.status === 401) return t().problem.unauthorized;
    return props.problem.detail || t().problem.server(props.problem.status);
  };
  return (
    <div class="notice problem" role="alert">
      <Icon name="error" class="bad" />
      <div>
        <strong>{t().problem.title}</strong>
        <p dir="auto">{words()}</p>
        <Show when={props.problem.where}>
          <p class="quiet mono">{props.problem.code} · {props.problem.where}</p>
        </Show>
        <button type="button" class="button" onClick={() => props.onRetry()}>
          {t().common.retry}
        </button>
      </div>
    </div>
  );
}
