import { For, type JSX, Show } from 'solid-js';
import type { Evaluation } from '../api/types';
import { tFeedback } from '../i18n/feedback';
import { f } from '../i18n/language';
import { tSpan } from '../i18n/span';
import { oneLine, textOf } from '../lib/text';
import { Icon } from './Icons';
import { PlainText } from './PlainText';

export const isWithdrawn = (evaluation: Evaluation) => evaluation.status === 'WITHDRAWN';

// Who judged, when it was a person; null for an evaluator.
export function judgeOf(evaluation: Evaluation): string | null {
  const id = evaluation.submitter?.id;
  if (id === undefined || id === null) return null;
  return oneLine(textOf(id)) || tFeedback().unnamed;
}

export function evaluationValue(evaluation: Evaluation): string {
  if (isWithdrawn(evaluation)) return tFeedback().withdrawn;
  const { value } = evaluation;
  if (typeof value === 'number') return f().number(value);
  return oneLine(textOf(value)).slice(0, 80);
}

export function evaluationTone(evaluation: Evaluation): 'good' | 'bad' | 'plain' {
  if (evaluation.assessment === 'pass') return 'good';
  if (evaluation.assessment === 'fail' || evaluation.status === 'error') return 'bad';
  return 'plain';
}

export function Evaluations(props: { evaluations: Evaluation[] }): JSX.Element {
  return (
    <ul class="evaluations">
      <For each={props.evaluations}>
        {(evaluation) => (
          <li>
            <p class={evaluationTone(evaluation)} classList={{ quiet: isWithdrawn(evaluation) }}>
              <Icon name={evaluationTone(evaluation) === 'bad' ? 'error'
                : evaluationTone(evaluation) === 'good' ? 'ok' : 'task'} />
              <bdi><strong>{oneLine(evaluation.label)}</strong>{' '}
                <span class="num">{evaluationValue(evaluation)}</span></bdi>
              <Show when={evaluation.event_kind === 'feedback'}>
                <span class="badge">{tSpan().feedback}</span></Show>
              <Show when={judgeOf(evaluation)}>
                {(judge) => <bdi class="quiet">{tFeedback().by(judge())}</bdi>}</Show>
              <span class="quiet">{f().dateTime(Number(evaluation.timestamp_ms))}</span>
            </p>
            <Show when={evaluation.reasoning}>
              {(reasoning) => <PlainText text={reasoning()} what={tSpan().reasoning} />}
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}
