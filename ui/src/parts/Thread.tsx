// The whole trace read as a conversation: each message once, the work in between as thin lines.
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from 'solid-js';
import { f } from '../i18n/language';
import { tSpan } from '../i18n/span';
import { tThread, tTraceViews } from '../i18n/trace';
import { tKinds } from '../i18n/verdict';
import { shortModel, spanTitle } from '../lib/names';
import { oneLine } from '../lib/text';
import { type ThreadItem, threadOf } from '../lib/thread';
import type { Node, Tree } from '../lib/tree';
import { kindWord } from '../lib/verdict_words';
import { TurnView } from './Conversation';
import { Icon, KindIcon } from './Icons';
import { RichText, TextModeSwitch } from './RichText';

// A batch of thousands of calls is not read to its end; it unfolds.
const itemsShown = 60;

function Step(props: { node: Node; selected: boolean; onSelect: () => void }): JSX.Element {
  const span = () => props.node.span;
  const failed = () => span().status === 'error';
  return (
    <button type="button" class="thread-step" classList={{ failed: failed(), selected: props.selected }}
      onClick={() => props.onSelect()} title={tThread().show(oneLine(spanTitle(span())))}>
      <Show when={failed()} fallback={<KindIcon kind={span().kind} />}>
        <Icon name="error" class="bad" /></Show>
      <span class="quiet">{kindWord(tKinds(), span().kind)}</span>
      <bdi>{oneLine(spanTitle(span()))}</bdi>
      <Show when={span().model ?? span().deployment}>
        {(model) => <bdi class="quiet">{shortModel(oneLine(model()))}</bdi>}</Show>
      <Show when={failed() && span().error?.type}>
        {(type) => <bdi class="bad">{oneLine(type())}</bdi>}</Show>
      <span class="spacer" />
      <span class="quiet num">{f().duration(span().duration_ns)}</span>
    </button>
  );
}

function Item(props: {
  item: ThreadItem; selected: string | null; onSelect: (id: string) => void;
}): JSX.Element {
  const id = () => props.item.node.span.span_id;
  const call = () => (props.item.kind === 'call' ? props.item : null);
  const value = () => (props.item.kind === 'value' ? props.item : null);
  return (
    <li class={`thread-item ${props.item.kind}`}>
      <Switch>
        <Match when={value()}>
          {(v) => (
            <article class={`turn role-${v().role}`} data-testid="message" data-role={v().role}>
              <h4>{tSpan().roles[v().role]}</h4>
              <RichText text={v().text} what={tSpan().roles[v().role]} />
            </article>
          )}
        </Match>
        <Match when={call()}>
          {(c) => (
            <>
              <Show when={c().repeated > 0}>
                <p class="thread-repeated quiet">{tThread().repeated(
                  c().repeated, f().number(c().repeated))}</p></Show>
              <For each={c().turns.filter((turn) => turn.side === 'input')}>
                {(turn) => <TurnView turn={turn} />}</For>
              <Step node={c().node} selected={props.selected === id()}
                onSelect={() => props.onSelect(id())} />
              <For each={c().turns.filter((turn) => turn.side === 'output')}>
                {(turn) => <TurnView turn={turn} />}</For>
              <Show when={c().node.span.error?.message}>
                {(message) => <p class="thread-error bad" dir="auto">{oneLine(message())}</p>}
              </Show>
            </>
          )}
        </Match>
        <Match when={props.item.kind === 'step'}>
          <Step node={props.item.node} selected={props.selected === id()}
            onSelect={() => props.onSelect(id())} />
        </Match>
      </Switch>
    </li>
  );
}

export default function Thread(props: {
  tree: Tree; selected: string | null; onSelect: (id: string) => void;
}): JSX.Element {
  const items = createMemo(() => threadOf(props.tree));
  const [shown, setShown] = createSignal(itemsShown);
  const left = () => items().length - shown();
  return (
    <div class="thread" role="region" aria-label={tThread().title} tabIndex={0}
      data-testid="thread">
      <div class="thread-measure">
        <h2 class="off-screen">{tTraceViews().messages}</h2>
        <div class="conversation-head"><h3>{tThread().title}</h3><TextModeSwitch /></div>
        <Show when={items().length > 0} fallback={<p class="empty">{tThread().empty}</p>}>
          <ol>
            <For each={items().slice(0, shown())}>
              {(item) => <Item item={item} selected={props.selected} onSelect={props.onSelect} />}
            </For>
          </ol>
        </Show>
        <Show when={left() > 0}>
          <button type="button" class="button" onClick={() => setShown(shown() + 4 * itemsShown)}>
            {tThread().more(f().number(left()))}</button>
        </Show>
      </div>
    </div>
  );
}
