// The only way text of a model or a client reaches the page: as text nodes, isolated in its own
// direction, with hidden characters made visible, a screenful at a time.
import { createMemo, createSignal, For, type JSX, on, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tSpan } from '../i18n/span';
import { byteLength, foldAt, lineCount, prettyJson, visiblePieces } from '../lib/text';
import { Copy } from './Copy';

// Above this "show all" would freeze the browser; "show more" still goes on.
const allCharsMax = 400_000;

export function Pieces(props: { text: string }): JSX.Element {
  return (
    <For each={visiblePieces(props.text)}>
      {(piece) => (
        <Show when={piece.code} fallback={piece.text}>
          {(code) => <span class="hidden-char">{code()}</span>}
        </Show>
      )}
    </For>
  );
}

export function PlainText(props: {
  text: string; what: string; mono?: boolean; asSent?: boolean;
}): JSX.Element {
  const [screens, setScreens] = createSignal(1);
  const [wantPretty, setWantPretty] = createSignal<boolean | null>(null);
  const pretty = createMemo(on(() => props.text,
    (text) => (props.asSent ? null : prettyJson(text))));
  const isPretty = () => pretty() !== null && (wantPretty() ?? true);
  const text = () => (isPretty() ? (pretty() ?? props.text) : props.text);
  const cut = createMemo(() => foldAt(text(), screens()));
  const left = () => text().slice(cut());
  return (
    <div class="text-block">
      <div class="text-tools">
        <Show when={pretty() !== null && pretty() !== props.text}>
          <button type="button" class="link" onClick={() => setWantPretty(!isPretty())}>
            {isPretty() ? tSpan().asSent : tSpan().pretty}
          </button>
        </Show>
        <Copy text={() => props.text} what={props.what} />
      </div>
      <pre class="text" classList={{ mono: props.mono || isPretty() }} dir="auto">
        <Pieces text={text().slice(0, cut())} />
      </pre>
      <Show when={left().length > 0}>
        <div class="fold">
          <button type="button" class="link" onClick={() => setScreens(screens() * 2 + 2)}>
            {tSpan().moreText(f().bytes(byteLength(left())), f().number(lineCount(left())))}
          </button>
          <Show when={left().length < allCharsMax}>
            <button type="button" class="link" onClick={() => setScreens(Infinity)}>
              {tSpan().allText}
            </button>
          </Show>
        </div>
      </Show>
      <Show when={left().length === 0 && screens() > 1}>
        <div class="fold">
          <button type="button" class="link" onClick={() => setScreens(1)}>
            {tSpan().lessText}
          </button>
        </div>
      </Show>
    </div>
  );
}
