// What was said, as a conversation: roles by a thin coloured rule, a tool call with its result.
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import type { MediaPart, Span, ToolResult } from '../api/types';
import { f } from '../i18n/language';
import { tRich, tSpan } from '../i18n/span';
import { type PairedCall, type Turn, turnsOf } from '../lib/conversation';
import { base64Bytes, blobOf, pictureOf, soundOf } from '../lib/media';
import { oneLine, textOf } from '../lib/text';
import { Icon } from './Icons';
import { PlainText } from './PlainText';
import { RichText, TextModeSwitch } from './RichText';

// A long history is rarely the question: its end is shown, the rest unfolds.
const turnsShown = 12;

export function roleWord(role: string): string {
  const roles = tSpan().roles;
  if (role === '') return roles.none;
  return Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : oneLine(role);
}

const roleClasses = new Set([
  'system', 'developer', 'user', 'assistant', 'tool', 'function', 'reasoning',
]);

// An address for bytes of this span, given back when they leave the page.
function createAddress(part: () => MediaPart, type: () => string | null): () => string | null {
  const address = createMemo<string | null>(() => {
    const is = type();
    const blob = is ? blobOf(part().content ?? '', is) : null;
    if (!blob) return null;
    const made = URL.createObjectURL(blob);
    onCleanup(() => URL.revokeObjectURL(made));
    return made;
  });
  return address;
}

function PictureView(props: { part: MediaPart; n: number }): JSX.Element {
  const picture = createMemo(() => pictureOf(props.part));
  const address = createAddress(() => props.part, () => {
    const p = picture();
    return p.kind === 'image' ? p.type : null;
  });
  const words = () => {
    const p = picture();
    return tSpan().image(props.n, f().bytes(p.kind === 'image' ? p.bytes : 0));
  };
  return (
    <Show when={address()} fallback={<PictureNote part={props.part} />}>
      {(source) => (
        <figure>
          <img src={source()} decoding="async" alt={words()} />
          <figcaption>{words()}</figcaption>
        </figure>
      )}
    </Show>
  );
}

export function Pictures(props: { parts: MediaPart[] }): JSX.Element {
  return (
    <div class="pictures">
      <For each={props.parts}>{(part, i) => <PictureView part={part} n={i() + 1} />}</For>
    </div>
  );
}

function PictureNote(props: { part: MediaPart }): JSX.Element {
  const words = () => {
    const picture = pictureOf(props.part);
    switch (picture.kind) {
      case 'elsewhere': return tSpan().imageElsewhere(oneLine(picture.key));
      case 'refused': return tSpan().imageRefused(oneLine(picture.type), f().bytes(picture.bytes));
      case 'cut': return tSpan().cut(f().bytes(picture.bytes), picture.sha256.slice(0, 12));
      case 'note': return tSpan().notBytes(oneLine(picture.text).slice(0, 300));
      case 'image': return tRich().brokenImage;
    }
  };
  return <p class="caution"><Icon name="warn" /> {words()}</p>;
}

function Sound(props: { part: MediaPart }): JSX.Element {
  const address = createAddress(() => props.part, () => soundOf(props.part));
  const words = () => {
    const bytes = props.part.content ? base64Bytes(props.part.content) : 0;
    return tSpan().audio(oneLine(props.part.mime_type ?? '?'), f().bytes(bytes));
  };
  return (
    <Show when={!props.part.cut} fallback={<PictureNote part={props.part} />}>
      <p class="quiet">{words()}</p>
      <Show when={address()}>
        {(source) => <audio controls preload="none" src={source()} aria-label={words()} />}
      </Show>
    </Show>
  );
}

function Result(props: { result: ToolResult }): JSX.Element {
  return (
    <div class="tool-result">
      <p class="tool-head">
        <Icon name="down" /> <span class="quiet">{tSpan().toolResult}</span>{' '}
        <bdi class="mono">{oneLine(props.result.name ?? '')}</bdi>
      </p>
      <PlainText text={textOf(props.result.result)} what={tSpan().toolResult} mono />
    </div>
  );
}

function Call(props: { pair: PairedCall; isOutput: boolean }): JSX.Element {
  return (
    <div class="tool-call">
      <p class="tool-head">
        <Icon name="tool" class="kind kind-tool" /> <span class="quiet">{tSpan().toolCall}</span>{' '}
        <bdi class="mono">{oneLine(props.pair.call.name ?? '')}</bdi>
        <Show when={props.pair.call.tool_id}>
          {(id) => <span class="quiet mono tool-id">{oneLine(id())}</span>}
        </Show>
      </p>
      <PlainText text={textOf(props.pair.call.arguments)} what={tSpan().toolCall} mono />
      <Show when={props.pair.result} fallback={
        <Show when={!props.isOutput}><p class="quiet">{tSpan().toolNoResult}</p></Show>}>
        {(result) => <Result result={result()} />}
      </Show>
    </div>
  );
}

function TurnBody(props: { turn: Turn }): JSX.Element {
  const isBare = () => !props.turn.text && props.turn.calls.length === 0 &&
    props.turn.results.length === 0 && props.turn.images.length === 0 &&
    props.turn.audio.length === 0;
  return (
    <>
      <Show when={props.turn.text}>
        <RichText text={props.turn.text} what={roleWord(props.turn.role)} />
      </Show>
      <Show when={isBare()}><p class="quiet">{tSpan().empty}</p></Show>
      <Pictures parts={props.turn.images} />
      <For each={props.turn.audio}>
        {(part) => <Sound part={part} />}
      </For>
      <For each={props.turn.calls}>
        {(pair) => <Call pair={pair} isOutput={props.turn.side === 'output'} />}
      </For>
      <For each={props.turn.results}>{(result) => <Result result={result} />}</For>
    </>
  );
}

// What a model thought is folded: it is long, and seldom the question.
export function TurnView(props: { turn: Turn }): JSX.Element {
  const role = () => (roleClasses.has(props.turn.role) ? props.turn.role : 'none');
  return (
    <article class={`turn role-${role()} side-${props.turn.side}`} data-testid="message"
      data-role={props.turn.role}>
      <Show when={role() === 'reasoning'} fallback={
        <>
          <h4>{roleWord(props.turn.role)}</h4>
          <TurnBody turn={props.turn} />
        </>}>
        <details class="reasoning">
          <summary><h4>{roleWord(props.turn.role)}</h4>
            <span class="quiet reasoning-head">{oneLine(props.turn.text).slice(0, 120)}</span>
          </summary>
          <TurnBody turn={props.turn} />
        </details>
      </Show>
    </article>
  );
}

export function Conversation(props: { span: Span }): JSX.Element {
  const [all, setAll] = createSignal(false);
  // A growing trace is read again and again: what was said is drawn anew only when it is new.
  const input = createMemo(() => props.span.input);
  const output = createMemo(() => props.span.output);
  const turns = createMemo(() => turnsOf(input(), output()));
  const inputs = createMemo(() => turns().filter((turn) => turn.side === 'input'));
  const outputs = createMemo(() => turns().filter((turn) => turn.side === 'output'));
  const hidden = () => (all() ? 0 : Math.max(0, inputs().length - turnsShown));
  return (
    <div class="conversation">
      <div class="conversation-head"><h3>{inputs().length > 0 ? tSpan().input : ''}</h3>
        <TextModeSwitch /></div>
      <Show when={hidden() > 0}>
        <button type="button" class="link" onClick={() => setAll(true)}>
          {tSpan().earlier(hidden(), f().number(hidden()))}</button>
      </Show>
      <For each={inputs().slice(hidden())}>{(turn) => <TurnView turn={turn} />}</For>
      <Show when={outputs().length > 0}><h3>{tSpan().output}</h3></Show>
      <For each={outputs()}>{(turn) => <TurnView turn={turn} />}</For>
    </div>
  );
}
