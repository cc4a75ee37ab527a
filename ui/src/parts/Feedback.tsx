// Where a person judges what is on screen: thumbs at once; a score, label or comment in a form.
import { createSignal, For, type JSX, Show } from 'solid-js';
import { feedbackApi, type FeedbackTarget, type Judgement } from '../api/feedback';
import type { Evaluation } from '../api/types';
import { tFeedback } from '../i18n/feedback';
import { author, setAuthor } from '../lib/author';
import { isDebatable, isOwn, isSame, isWithdrawn } from '../lib/opinion';
import { oneLine } from '../lib/text';
import { evaluationValue } from './Evaluations';
import { Icon } from './Icons';

export type { FeedbackTarget } from '../api/feedback';
import { problemWords } from './Notice';

const thumbs = 'thumbs';
const kinds = ['score', 'categorical', 'text', 'boolean'] as const;
type Kind = (typeof kinds)[number];

// What was just said, before the database has it: shown at once.
interface Said { label: string; about: string; value: Judgement['value'] | undefined }

export function Feedback(props: {
  evaluations: Evaluation[]; about: FeedbackTarget[]; onGiven: () => void;
}): JSX.Element {
  const words = () => tFeedback();
  const [at, setAt] = createSignal(0);
  const [said, setSaid] = createSignal<Said | null>(null);
  const [problem, setProblem] = createSignal('');
  const target = () => props.about[at()] ?? props.about[0];
  // What is said of an evaluator's verdict is shown and taken back beside that.
  const isOpinion = (evaluation: Evaluation) => props.evaluations.some((other) =>
    isDebatable(other) && isSame(other, evaluation));
  const mine = () => props.evaluations.filter((one) => isOwn(one, author()) &&
    one.scope === target()?.about && !isWithdrawn(one) && !isOpinion(one));
  const thumb = () => {
    const last = said();
    if (last?.label === thumbs && last.about === target()?.about) return last.value;
    return mine().find((one) => one.label === thumbs)?.value;
  };
  const give = async (judgement: Judgement) => {
    const about = target();
    if (!about) return false;
    try {
      await feedbackApi.give(about, judgement, author());
      setSaid({ label: judgement.name, about: about.about, value: judgement.value });
      setProblem('');
      // The database has it a second after the acknowledgement at most.
      setTimeout(() => { props.onGiven(); setSaid(null); }, 1_500);
      return true;
    } catch (error) {
      setProblem(problemWords(error));
      return false;
    }
  };
  const vote = (good: boolean) => give(thumb() === good ? { name: thumbs, withdrawn: true }
    : { name: thumbs, value: good, assessment: good ? 'pass' : 'fail' });
  return (
    <div class="feedback" role="group" aria-label={words().title} data-testid="feedback">
      <div class="feedback-line">
        <Show when={props.about.length > 1}>
          <label class="quiet">{words().target}{' '}
            <select value={at()} onChange={(event) => setAt(Number(event.currentTarget.value))}
              data-testid="feedback-about">
              <For each={props.about}>
                {(one, i) => <option value={i()}>{words().about[one.about]}</option>}
              </For>
            </select></label>
        </Show>
        <For each={[true, false]}>
          {(good) => (
            <button type="button" class="button" aria-pressed={thumb() === good}
              data-testid={good ? 'thumb-up' : 'thumb-down'} onClick={() => void vote(good)}>
              <Icon name={good ? 'up_thumb' : 'down_thumb'} />
              {good ? words().up : words().down}</button>
          )}
        </For>
      </div>
      <p role="status" classList={{ bad: problem() !== '' }} dir="auto">
        {problem() || (said() ? words().saved : '')}</p>
      <Show when={mine().length > 0}>
        <ul class="chips">
          <For each={mine()}>
            {(one) => (
              <li class="chip"><bdi>{oneLine(one.label)}: {evaluationValue(one)}</bdi>
                <button type="button" class="link" data-testid="withdraw"
                  onClick={() => void give({ name: one.label, withdrawn: true })}>
                  {words().withdraw}</button></li>
            )}
          </For>
        </ul>
      </Show>
      <details class="feedback-more"><summary>{words().more}</summary>
        <FeedbackForm onGive={give} /></details>
    </div>
  );
}

function FeedbackForm(props: { onGive: (judgement: Judgement) => Promise<boolean> }): JSX.Element {
  const words = () => tFeedback();
  const [kind, setKind] = createSignal<Kind>('score');
  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const value = { score: Number(text('value')), boolean: text('value') === 'true',
      categorical: text('value'), text: text('value') }[kind()];
    setAuthor(text('author'));
    const done = await props.onGive({
      name: text('name'), value, ...(kind() === 'text' ? { type: 'text' as const } : {}),
      ...(text('comment') ? { comment: text('comment') } : {}),
    });
    if (done) form.reset();
  };
  return (
    <form class="cost-fields" data-testid="feedback-form"
      onSubmit={(event) => { event.preventDefault(); void save(event.currentTarget); }}>
      <label>{words().type}
        <select name="kind" value={kind()} onChange={(event) =>
          setKind(event.currentTarget.value as Kind)}>
          <For each={kinds}>{(one) => <option value={one}>{words().types[one]}</option>}</For>
        </select></label>
      <label>{words().name}<input name="name" required maxLength={80} pattern="[^.]+" /></label>
      <label>{words().value}
        <Show when={kind() === 'boolean'} fallback={
          <input name="value" required type={kind() === 'score' ? 'number' : 'text'} step="any" />}>
          <select name="value"><option value="true">{words().yes}</option>
            <option value="false">{words().no}</option></select>
        </Show></label>
      <label>{words().comment}<input name="comment" /></label>
      <label title={words().whoWhy}>{words().who}
        <input name="author" maxLength={80} value={author()} autocomplete="name" /></label>
      <button type="submit" class="primary">{words().save}</button>
    </form>
  );
}
