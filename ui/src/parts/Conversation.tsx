// What was said, as a conversation: roles by a thin coloured rule, a tool call with its result.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { MediaPart, Span, ToolResult } from '../api/types';
import { f, t } from '../i18n';
import { type PairedCall, type Turn, turnsOf } from '../lib/conversation';
import { base64Bytes, pictureOf, soundOf } from '../lib/media';
import { oneLine, textOf } from '../lib/text';
import { Icon } from './Icons';
import { PlainText } from './PlainText';

// A long history is rarely the question: its end is shown, the rest unfolds.
const turnsShown = 12;

function roleWord(role: string): string {
  const roles = t().span.roles;
  if (role === '') return roles.none;
  return Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : oneLine(role);
}

const roleClasses = new Set([
  'system', 'developer', 'user', 'assistant', 'tool', 'function', 'reasoning',
]);

export function Pictures(props: { parts: MediaPart[] }): JSX.Element {
  return (
    <div class="pictures">
      <For each={props.parts}>
        {(part, i) => {
          const picture = createMemo(() => pictureOf(part));
          return (
            <Show when={picture().kind === 'image'} fallback={<PictureNote part={part} />}>
              <figure>
                <img src={(picture() as { source: string }).source} loading="lazy" decoding="async"
                  alt={t().span.image(i() + 1, f().bytes((picture() as { bytes: number }).bytes))}
                />
                <figcaption>{t().span.image(
                  i() + 1, f().bytes((picture() as { bytes: number }).bytes))}</figcaption>
              </figure>
            </Show>
          );
        }}
      </For>
    </div>
  );
}

function PictureNote(props: { part: MediaPart }): JSX.Element {
  const words = () => {
    const picture = pictureOf(props.part);
    switch (picture.kind) {
      case 'elsewhere': return t().span.imageElsewhere(oneLine(picture.key));
      case 'refused': return t().span.imageRefused(oneLine(picture.type), f().bytes(picture.bytes));
      case 'cut': return t().span.cut(f().bytes(picture.bytes), picture.sha256.slice(0, 12));
      case 'note': return t().span.notBytes(oneLine(picture.text).slice(0, 300));
      case 'image': return '';
    }
  };
  return <p class="caution"><Icon name="warn" /> {words()}</p>;
}

function Sound(props: { part: MediaPart }): JSX.Element {
  const words = () => {
    const bytes = props.part.content ? base64Bytes(props.part.content) : 0;
    return t().span.audio(oneLine(props.part.mime_type ?? '?'), f().bytes(bytes));
  };
  return (
    <Show when={!props.part.cut} fallback={<PictureNote part={props.part} />}>
      <p class="quiet">{words()}</p>
      <Show when={soundOf(props.part)}>
        {(source) => <audio controls preload="none" src={source()} aria-label={words()} />}
      </Show>
    </Show>
  );
}

function Result(props: { result: ToolResult }): JSX.Element {
  return (
    <div class="tool-result">
      <p class="tool-head">
        <Icon name="down" /> <span class="quiet">{t().span.toolResult}</span>{' '}
        <bdi class="mono">{oneLine(props.result.name ?? '')}</bdi>
      </p>
      <PlainText text={textOf(props.result.result)} what={t().span.toolResult} mono />
    </div>
  );
}

function Call(props: { pair: PairedCall; isOutput: boolean }): JSX.Element {
  return (
    <div class="tool-call">
      <p class="tool-head">
        <Icon name="tool" class="kind kind-tool" /> <span class="quiet">{t().span.toolCall}</span>{' '}
        <bdi class="mono">{oneLine(props.pair.call.name ?? '')}</bdi>
        <Show when={props.pair.call.tool_id}>
          {(id) => <span class="quiet mono tool-id">{oneLine(id())}</span>}
        </Show>
      </p>
      <PlainText text={textOf(props.pair.call.arguments)} what={t().span.toolCall} mono />
      <Show when={props.pair.result} fallback={
        <Show when={!props.isOutput}><p class="quiet">{t().span.toolNoResult}</p></Show>}>
        {(result) => <Result result={result()} />}
      </Show>
    </div>
  );
}

function TurnView(props: { turn: Turn }): JSX.Element {
  const role = () => (roleClasses.has(props.turn.role) ? props.turn.role : 'none');
  const isBare = () => !props.turn.text && props.turn.calls.length === 0 &&
    props.turn.results.length === 0 && props.turn.images.length === 0 &&
    props.turn.audio.length === 0;
  return (
    <article class={`turn role-${role()} side-${props.turn.side}`} data-testid="message"
      data-role={props.turn.role}>
      <h4>{roleWord(props.turn.role)}</h4>
      <Show when={props.turn.text}>
        <PlainText text={props.turn.text} what={roleWord(props.turn.role)} />
      </Show>
      <Show when={isBare()}><p class="quiet">{t().span.empty}</p></Show>
      <Pictures parts={props.turn.images} />
      <For each={props.turn.audio}>
        {(part) => <Sound part={part} />}
      </For>
      <For each={props.turn.calls}>
        {(pair) => <Call pair={pair} isOutput={props.turn.side === 'output'} />}
      </For>
      <For each={props.turn.results}>{(result) => <Result result={result} />}</For>
    </article>
  );
}

export function Conversation(props: { span: Span }): JSX.Element {
  const [all, setAll] = createSignal(false);
  const turns = createMemo(() => turnsOf(props.span.input, props.span.output));
  const inputs = createMemo(() => turns().filter((turn) => turn.side === 'input'));
  const outputs = createMemo(() => turns().filter((turn) => turn.side === 'output'));
  const hidden = () => (all() ? 0 : Math.max(0, inputs().length - turnsShown));
  return (
    <div class="conversation">
      <Show when={inputs().length > 0}><h3>{t().span.input}</h3></Show>
      <Show when={hidden() > 0}>
        <button type="button" class="link" onClick={() => setAll(true)}>
          {t().span.earlier(hidden(), f().number(hidden()))}</button>
      </Show>
      <For each={inputs().slice(hidden())}>{(turn) => <TurnView turn={turn} />}</For>
      <Show when={outputs().length > 0}><h3>{t().span.output}</h3></Show>
      <For each={outputs()}>{(turn) => <TurnView turn={turn} />}</For>
    </div>
  );
}
