// Is the evaluator right? Two buttons beside its verdict; the comparison of evaluators with people
// (Evaluations) counts what they say.
import { createSignal, For, type JSX, Show } from 'solid-js';
import { feedbackApi } from '../api/feedback';
import type { Evaluation } from '../api/types';
import { tFeedback } from '../i18n/feedback';
import { author } from '../lib/author';
import { useShortcuts } from '../lib/keys';
import { isDebatable, judgementOf, type Opinion, opinionOf, targetOf } from '../lib/opinion';
import { oneLine } from '../lib/text';
import { Icon } from './Icons';
import { problemWords } from './Notice';

// The database has it a second after the acknowledgement at most.
const visibleAfterMs = 1_500;

export interface Opinions {
  of: (verdict: Evaluation) => Opinion | null;
  // The same a second time takes it back.
  say: (verdict: Evaluation, opinion: Opinion) => void;
  problem: () => string;
}

// y and n answer for the first verdict that the reader has said nothing of.
export function createOpinions(
  evaluations: () => readonly Evaluation[], onSaid: () => void,
): Opinions {
  // What was just said, by the id of the verdict, until the database has it.
  const [said, setSaid] = createSignal(new Map<string, Opinion | null>());
  const [problem, setProblem] = createSignal('');
  const note = (id: string, opinion: Opinion | null | undefined) => setSaid((before) => {
    const after = new Map(before);
    if (opinion === undefined) after.delete(id); else after.set(id, opinion);
    return after;
  });
  const of = (verdict: Evaluation) => {
    const last = said().get(verdict.id);
    return last === undefined ? opinionOf(verdict, evaluations(), author()) : last;
  };
  const keep = async (verdict: Evaluation, opinion: Opinion | null) => {
    note(verdict.id, opinion);
    try {
      await feedbackApi.give(targetOf(verdict), judgementOf(verdict, opinion), author());
      setProblem('');
      setTimeout(onSaid, visibleAfterMs);
      setTimeout(() => {
        if (said().get(verdict.id) === opinion) note(verdict.id, undefined);
      }, 2 * visibleAfterMs);
    } catch (error) {
      note(verdict.id, undefined);
      setProblem(problemWords(error));
    }
  };
  const say = (verdict: Evaluation, opinion: Opinion) =>
    void keep(verdict, of(verdict) === opinion ? null : opinion);
  const sayNext = (opinion: Opinion) => {
    const next = evaluations().find((one) => isDebatable(one) && of(one) === null);
    if (!next) return false;
    say(next, opinion);
    return true;
  };
  useShortcuts({ y: () => sayNext('right'), n: () => sayNext('wrong') });
  return { of, say, problem };
}

const choices = ['right', 'wrong'] as const;

export function OpinionButtons(props: { verdict: Evaluation; opinions: Opinions }): JSX.Element {
  const words = () => tFeedback().opinion;
  const said = () => props.opinions.of(props.verdict);
  const name = () => oneLine(props.verdict.label);
  return (
    <span class="opinion" role="group" aria-label={words().about(name())}
      data-testid={`opinion-${props.verdict.label}`}>
      <For each={choices}>
        {(choice) => (
          <button type="button" class="button" aria-pressed={said() === choice}
            title={words().why[choice]} data-testid={choice}
            onClick={() => { props.opinions.say(props.verdict, choice); }}>
            <Icon name={choice === 'right' ? 'up_thumb' : 'down_thumb'} />{words()[choice]}</button>
        )}
      </For>
      <Show when={said()}>
        {(opinion) => (
          <button type="button" class="link" data-testid="undo-opinion"
            onClick={() => { props.opinions.say(props.verdict, opinion()); }}>
            {tFeedback().withdraw}</button>
        )}
      </Show>
    </span>
  );
}
