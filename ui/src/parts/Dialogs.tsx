// The two dialogs of the page. <dialog> keeps the focus inside and gives it back by itself.
import { createSignal, For, type JSX, onMount } from 'solid-js';
import { setKey } from '../api/client';
import { t } from '../i18n';
import { Copy } from './Copy';
import { Icon } from './Icons';

function Dialog(props: {
  title: string; onClose: () => void; children: JSX.Element;
}): JSX.Element {
  let box!: HTMLDialogElement;
  onMount(() => box.showModal());
  return (
    <dialog ref={box} aria-labelledby="dialog-title" onClose={() => props.onClose()}
      onClick={(event) => { if (event.target === box) box.close(); }}>
      <div class="dialog-body">
        <header>
          <h2 id="dialog-title">{props.title}</h2>
          <button type="button" class="bare" aria-label={t().common.close}
            onClick={() => box.close()}><Icon name="close" /></button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

const keyRows = [
  ['/', 'search'], ['j k ↓ ↑', 'move'], ['Enter', 'open'], ['Esc', 'close'], ['.', 'news'],
  ['l', 'live'], ['← →', 'fold'], ['e', 'error'], ['f', 'full'], ['?', 'help'],
] as const;

export function KeyHelp(props: { onClose: () => void }): JSX.Element {
  return (
    <Dialog title={t().keys.title} onClose={() => props.onClose()}>
      <dl class="key-list">
        <For each={keyRows}>
          {([keys, what]) => (
            <div>
              <dt><For each={keys.split(' ')}>{(key) => <kbd>{key}</kbd>}</For></dt>
              <dd>{t().keys.rows[what]}</dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}

export function KeyPrompt(): JSX.Element {
  const [typed, setTyped] = createSignal('');
  return (
    <Dialog title={t().key.title} onClose={() => undefined}>
      <form class="key-form" onSubmit={(event) => {
        event.preventDefault();
        if (typed().trim()) setKey(typed().trim());
      }}>
        <p>{t().key.why}</p>
        <label>{t().key.label}
          <input type="password" autocomplete="off" autofocus value={typed()}
            data-testid="key-input" onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <p class="quiet">{t().key.make} <code>catalejo key create</code>
          <Copy text={() => 'catalejo key create'} what="catalejo key create" /></p>
        <button type="submit" class="primary" disabled={!typed().trim()}>{t().key.use}</button>
      </form>
    </Dialog>
  );
}
