// Parts of the pages about experiments: a score, a row and what changed in it.
import { A } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import { type Experiment, experimentsApi, type Row, type Score } from '../api/experiments';
import { tExperiments } from '../i18n/experiments';
import { f } from '../i18n/language';
import { diffWords } from '../lib/diff';
import { type ComparedRow, valueOf } from '../lib/experiments';
import { oneLine } from '../lib/text';
import { Sides } from './Compare';

export function stateWord(one: Experiment): string {
  const words = tExperiments();
  const status = one.attributes.status;
  return status ? words.states[status] ?? status : words.unknownState;
}

export function scoreWord(score: Score | undefined): string {
  if (!score) return '—';
  const value = valueOf(score);
  if (value === null) return tExperiments().evaluatorFailed;
  if (typeof value === 'number') return f().number(value);
  if (typeof value === 'boolean') return value ? tExperiments().yes : tExperiments().no;
  return oneLine(value);
}

const scoreOf = (row: Row | null, label: string) =>
  row?.scores.find((one) => one.label === label);

// What it was and what it is, with an arrow that says which way is better.
export function ScoreCell(props: {
  row: ComparedRow; label: string; compared: boolean;
}): JSX.Element {
  const now = () => scoreWord(scoreOf(props.row.after, props.label));
  const then = () => scoreWord(scoreOf(props.row.before, props.label));
  const change = () => props.row.change.get(props.label) ?? 0;
  return (
    <td class="num">
      <Show when={props.compared && then() !== now()}><span class="quiet">{then()} → </span></Show>
      {now()}
      <Show when={change() !== 0}>
        <span classList={{ ok: change() > 0, bad: change() < 0 }}>
          {' '}{change() > 0 ? '▲' : '▼'}
          <span class="off-screen">
            {change() > 0 ? tExperiments().turns['better'] : tExperiments().turns['worse']}
          </span></span>
      </Show>
    </td>
  );
}

export const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value, null, 2));

// Everything of a row, and of the baseline's row beside it.
export function WholeRow(props: {
  row: ComparedRow; id: string; baseline: string; onClose: () => void;
}): JSX.Element {
  const words = () => tExperiments();
  const [whole] = createResource(
    () => props.row.after && { id: props.id, span: props.row.after.span_id },
    (asked) => experimentsApi.row(asked.id, asked.span));
  const [old] = createResource(
    () => props.row.before && { id: props.baseline, span: props.row.before.span_id },
    (asked) => experimentsApi.row(asked.id, asked.span));
  const one = () => whole.latest ?? old.latest ?? null;
  const reasons = () => (whole.latest?.eval_metrics ?? []).filter(
    (score) => score.reasoning !== null || score.error !== null);
  return (
    <Show when={one()} fallback={<div class="skeleton skeleton-page" />}>
      {(shown) => (
        <section class="experiment-row" data-testid="whole-row">
          <For each={[['input', shown().meta.input], ['expected', shown().meta.expected_output]] as const}>
            {([name, value]) => <div><h3>{words()[name]}</h3>
              <pre class="text" dir="auto" tabIndex={0}>{textOf(value)}</pre></div>}
          </For>
          <div><h3>{words().output}</h3>
            <Show when={old.latest && whole.latest} fallback={
              <pre class="text" dir="auto" tabIndex={0}>{textOf(shown().meta.output)}</pre>}>
              <Sides changes={diffWords(textOf(old.latest?.meta.output ?? ''),
                textOf(whole.latest?.meta.output ?? ''))} />
            </Show>
            <Show when={shown().meta.error.message}>
              {(message) => <p class="bad" dir="auto">{message()}</p>}</Show></div>
          <Show when={reasons().length > 0}>
            <div><h3>{words().why}</h3><dl>
              <For each={reasons()}>{(score) => <><dt><bdi>{score.label}</bdi></dt>
                <dd dir="auto">{score.error?.message ?? score.reasoning}</dd></>}</For></dl></div>
          </Show>
          <p><Show when={props.row.after?.trace_id}>
            {(trace) => <A class="button" href={`/traces/${trace()}?full=1`}>{words().trace}</A>}
          </Show>{' '}
          <button type="button" class="button" onClick={() => props.onClose()}>
            {words().close}</button></p>
        </section>
      )}
    </Show>
  );
}
