// Two spans side by side. Fetched when first asked for.
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Span } from '../api/types';
import { f } from '../i18n/language';
import { tCompare, tSpan } from '../i18n/span';
import { tTrace } from '../i18n/trace';
import { compareSpans, type TextDiff } from '../lib/compare';
import type { Change } from '../lib/diff';
import { spanTitle } from '../lib/names';
import { oneLine } from '../lib/text';
import { Icon, KindIcon } from './Icons';
import { roleWord } from './Conversation';
import { Pieces } from './PlainText';

// What did not change is context: long stretches of it are folded to their ends.
const contextChars = 400;

function Same(props: { text: string }): JSX.Element {
  const long = () => props.text.length > 2 * contextChars + 80;
  return (
    <Show when={long()} fallback={<Pieces text={props.text} />}>
      <Pieces text={props.text.slice(0, contextChars)} />
      <span class="diff-folded">{tCompare().folded(
        f().number(props.text.length - 2 * contextChars))}</span>
      <Pieces text={props.text.slice(-contextChars)} />
    </Show>
  );
}

function Side(props: { changes: Change[]; keep: 'gone' | 'new' }): JSX.Element {
  const shown = () => props.changes.filter((c) => c.kind === 'same' || c.kind === props.keep);
  return (
    <pre class="text" dir="auto">
      <Show when={!shown().length}><span class="quiet">—</span></Show>
      <For each={shown()}>
        {(change) => (
          <Show when={change.kind !== 'same'} fallback={<Same text={change.text} />}>
            {change.kind === 'gone'
              ? <del class="diff-gone"><Pieces text={change.text} /></del>
              : <ins class="diff-new"><Pieces text={change.text} /></ins>}
          </Show>
        )}
      </For>
    </pre>
  );
}

// What was and what is, side by side.
export function Sides(props: { changes: Change[] }): JSX.Element {
  return (
    <div class="compare-columns">
      <Side changes={props.changes} keep="gone" />
      <Side changes={props.changes} keep="new" />
    </div>
  );
}

function Text(props: { diff: TextDiff }): JSX.Element {
  return (
    <section class={`compare-text turn role-${props.diff.role || 'none'}`}>
      <h4>{roleWord(props.diff.role)}
        <Show when={props.diff.same}><span class="quiet"> · {tCompare().same}</span></Show></h4>
      <Sides changes={props.diff.changes} />
    </section>
  );
}

function figure(name: string, value: number | null): string {
  if (value === null) return '—';
  return name === 'duration' ? f().duration(value) : f().number(value);
}

function change(before: number | null, after: number | null): string {
  if (before === null || after === null || before === 0 || before === after) return '';
  const share = after / before - 1;
  return `${share > 0 ? '▲' : '▼'} ${f().percent(Math.abs(share))}`;
}

function metricWord(name: string): string {
  if (name === 'duration') return tTrace().duration;
  const words = tSpan().usageNames;
  return Object.hasOwn(words, name) ? words[name as keyof typeof words] : oneLine(name);
}

function Head(props: { span: Span; letter: string }): JSX.Element {
  return (
    <h3><span class="badge">{props.letter}</span> <KindIcon kind={props.span.kind} />{' '}
      <bdi>{oneLine(spanTitle(props.span))}</bdi>{' '}
      <bdi class="quiet">{oneLine(props.span.deployment ?? props.span.model ?? '')}</bdi></h3>
  );
}

export default function Compare(props: {
  before: Span; after: Span; onClose: () => void;
}): JSX.Element {
  const compared = createMemo(() => compareSpans(props.before, props.after));
  return (
    <div class="compare" role="region" aria-label={tCompare().title} tabIndex={0}
      data-testid="compare">
      <div class="compare-bar">
        <h2>{tCompare().title}</h2>
        <span class="spacer" />
        <button type="button" class="button" onClick={() => props.onClose()}>
          <Icon name="close" /> {tCompare().close}</button>
      </div>
      <div class="compare-columns compare-heads">
        <Head span={props.before} letter="A" /><Head span={props.after} letter="B" />
      </div>
      <Show when={compared().texts.length > 0} fallback={
        <p class="quiet">{tCompare().noText}</p>}>
        <For each={compared().texts}>{(diff) => <Text diff={diff} />}</For>
      </Show>
      <table class="compare-table" data-testid="compare-parameters">
        <caption>{tCompare().parameters}</caption>
        <thead><tr><th scope="col">{tCompare().name}</th><th scope="col">A</th>
          <th scope="col">B</th></tr></thead>
        <tbody>
          <For each={compared().parameters}>
            {(row) => (
              <tr classList={{ differs: row.differs }}>
                <th scope="row"><bdi class="mono">{oneLine(row.name)}</bdi></th>
                <td><bdi class="mono">{oneLine(row.before) || '—'}</bdi></td>
                <td><bdi class="mono">{oneLine(row.after) || '—'}</bdi></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <table class="compare-table">
        <caption>{tCompare().figures}</caption>
        <thead><tr><th scope="col">{tCompare().name}</th><th scope="col">A</th>
          <th scope="col">B</th></tr></thead>
        <tbody>
          <For each={compared().figures}>
            {(row) => (
              <tr classList={{ differs: row.before !== row.after }}>
                <th scope="row">{metricWord(row.name)}</th>
                <td class="num">{figure(row.name, row.before)}</td>
                <td class="num">{figure(row.name, row.after)}{' '}
                  <span class="quiet">{change(row.before, row.after)}</span></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
