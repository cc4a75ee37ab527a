// Text of a person or a model in the way the reader wants it: laid out, plain, or byte for byte.
import { createMemo, createSignal, ErrorBoundary, For, type JSX, lazy, Show, Suspense } from 'solid-js';
import { tRich, tSpan } from '../i18n/span';
import { foldAt, prettyJson } from '../lib/text';
import { hasMarkdown, setTextMode, textMode, textModes } from '../lib/text_mode';
import { Copy } from './Copy';
import { PlainText } from './PlainText';

// Fetched with the first text that needs it.
const Markdown = lazy(() => import('./Markdown'));

export function TextModeSwitch(): JSX.Element {
  return (
    <div class="switch small" role="group" aria-label={tRich().mode} data-testid="text-mode">
      <For each={textModes}>
        {(mode) => (
          <button type="button" aria-pressed={textMode() === mode} title={tRich().hints[mode]}
            onClick={() => setTextMode(mode)}>{tRich().modes[mode]}</button>
        )}
      </For>
    </div>
  );
}

function Laid(props: { text: string; what: string }): JSX.Element {
  const [all, setAll] = createSignal(false);
  const cut = createMemo(() => (all() ? props.text.length : foldAt(props.text, 2)));
  return (
    <div class="text-block">
      <div class="text-tools"><Copy text={() => props.text} what={props.what} /></div>
      <Markdown text={props.text.slice(0, cut())} />
      <Show when={cut() < props.text.length}>
        <div class="fold"><button type="button" class="link" onClick={() => setAll(true)}>
          {tSpan().allText}</button></div>
      </Show>
    </div>
  );
}

export function RichText(props: { text: string; what: string; mono?: boolean }): JSX.Element {
  const plain = () => (
    <PlainText text={props.text} what={props.what} mono={props.mono ?? false} />
  );
  const laid = () => textMode() === 'markdown' && !props.mono && hasMarkdown(props.text) &&
    prettyJson(props.text) === null;
  return (
    <Show when={textMode() !== 'raw'} fallback={
      <PlainText text={JSON.stringify(props.text)} what={props.what} mono asSent />}>
      <Show when={laid()} fallback={plain()}>
        <ErrorBoundary fallback={plain()}>
          <Suspense fallback={plain()}><Laid text={props.text} what={props.what} /></Suspense>
        </ErrorBoundary>
      </Show>
    </Show>
  );
}
