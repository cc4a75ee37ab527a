// What came of a question: the answer or why there is none, what it took, and what the content
// filter said.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { Answered } from '../api/playground';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { tPlayground } from '../i18n/playground';
import { tAzure } from '../i18n/span';
import { type FilterVerdict, verdictsOf } from '../lib/azure';
import { bag } from '../lib/requests';
import { oneLine } from '../lib/text';
import { costWords } from './Cost';

type Answer = NonNullable<Answered['answer']>;

function Filter(props: { answer: Answer }): JSX.Element {
  const words = () => tPlayground();
  const verdicts = () => [
    ...verdictsOf('prompt', bag(props.answer.content_filter.prompt)),
    ...verdictsOf('completion', bag(props.answer.content_filter.completion)),
  ];
  const bad = () => verdicts().filter((one) => one.filtered || one.detected
    || (one.severity !== null && one.severity !== 'safe'));
  const name = (one: FilterVerdict) =>
    (tAzure().categories as Record<string, string>)[one.category] ?? one.category;
  return (
    <Show when={verdicts().length > 0}>
      <p data-testid="playground-filter">{words().filter}:{' '}
        <Show when={bad().length > 0} fallback={words().safe}>
          <For each={bad()}>{(one, at) => <>{at() > 0 ? '; ' : ''}
            <span class={one.filtered ? 'bad' : 'caution'}>{words()[one.side]}:{' '}
              {one.filtered ? words().stopped : words().found} {oneLine(name(one))}
              {one.severity ? ` (${words().severity(one.severity)})` : ''}</span></>}</For>
        </Show></p>
    </Show>
  );
}

function Said(props: { answer: Answer }): JSX.Element {
  const words = () => tPlayground();
  const ended = () => props.answer.finish_reason;
  return (
    <>
      <pre class="text" dir="auto" tabIndex={0} data-testid="playground-said">
        {props.answer.said || (props.answer.tools.length > 0 ? '' : words().said)}</pre>
      <For each={props.answer.tools}>{(tool) => (
        <p>{words().tool} <code>{oneLine(tool.function.name)}</code>{' '}
          <code>{JSON.stringify(tool.function.parameters)}</code></p>)}</For>
      <Show when={ended() === 'length'}><p class="caution">{words().cut}</p></Show>
      <Show when={ended() === 'content_filter'}><p class="bad">{words().filtered}</p></Show>
      <Filter answer={props.answer} />
    </>
  );
}

export function PlaygroundAnswer(props: { answered: Answered }): JSX.Element {
  const words = () => tPlayground();
  const cost = () => props.answered.cost;
  return (
    <section data-testid="playground-answer">
      <h3>{words().answer}</h3>
      <Show when={props.answered.problem}>{(problem) => (
        <p class="bad"><strong>{words().problem}:</strong>{' '}
          {words().reasons[problem().kind] ?? problem().kind}. <bdi>{problem().words}</bdi></p>
      )}</Show>
      <Show when={props.answered.answer}>{(answer) => <>
        <Said answer={answer()} />
        <p class="quiet num">{oneLine(answer().model ?? props.answered.deployment)}:{' '}
          {words().used(f().number(answer().input_tokens), f().number(answer().output_tokens),
            f().duration(props.answered.duration_ns))},{' '}
          <Show when={answer().reasoning_tokens > 0}>
            {words().reasoning(f().number(answer().reasoning_tokens))},{' '}</Show>
          {cost().usd === null ? costWords(tCost(), cost()) : f().cost(cost().usd ?? 0)}</p>
      </>}</Show>
      <Show when={props.answered.trace_id}>
        {(id) => <p><A href={`/traces/${id()}`}>{words().trace}</A></p>}</Show>
    </section>
  );
}
