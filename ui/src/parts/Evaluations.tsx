import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Evaluation } from '../api/types';
import { tFeedback } from '../i18n/feedback';
import { f } from '../i18n/language';
import { tSpan } from '../i18n/span';
import { isDebatable, isWithdrawn } from '../lib/opinion';
import { oneLine, textOf } from '../lib/text';
import { Icon } from './Icons';
import { OpinionButtons, type Opinions } from './Opinions';
import { PlainText } from './PlainText';

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

function EvaluationRow(props: { evaluation: Evaluation; opinions?: Opinions }): JSX.Element {
  const tone = () => evaluationTone(props.evaluation);
  return (
    <li>
      <p class={tone()} classList={{ quiet: isWithdrawn(props.evaluation) }}>
        <Icon name={tone() === 'bad' ? 'error' : tone() === 'good' ? 'ok' : 'task'} />
        <bdi><strong>{oneLine(props.evaluation.label)}</strong>{' '}
          <span class="num">{evaluationValue(props.evaluation)}</span></bdi>
        <Show when={props.evaluation.event_kind === 'feedback'}>
          <span class="badge">{tSpan().feedback}</span></Show>
        <Show when={judgeOf(props.evaluation)}>
          {(judge) => <bdi class="quiet">{tFeedback().by(judge())}</bdi>}</Show>
        <span class="quiet">{f().dateTime(Number(props.evaluation.timestamp_ms))}</span>
        <Show when={isDebatable(props.evaluation) && props.opinions}>
          {(opinions) => <OpinionButtons verdict={props.evaluation} opinions={opinions()} />}</Show>
      </p>
      <Show when={props.evaluation.reasoning}>
        {(reasoning) => <PlainText text={reasoning()} what={tSpan().reasoning} />}
      </Show>
    </li>
  );
}

export function Evaluations(props: {
  evaluations: Evaluation[]; opinions?: Opinions;
}): JSX.Element {
  // By id: a row, and the focus in it, outlives asking again for the same.
  const byId = createMemo(() => new Map(props.evaluations.map((one) => [one.id, one])));
  return (
    <ul class="evaluations">
      <For each={[...byId().keys()]}>
        {(id) => (
          <Show when={byId().get(id)}>
            {(evaluation) => <EvaluationRow evaluation={evaluation()}
              {...(props.opinions ? { opinions: props.opinions } : {})} />}
          </Show>
        )}
      </For>
    </ul>
  );
}
