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
  ['everywhere', [['Ctrl+K ⌘+K', 'palette'], ['/', 'search'], ['g+t', 'goTraces'],
    ['g+s', 'goSessions'], ['g+u', 'goUsers'], ['g+q', 'goQueues'], ['g+l', 'goLoss'], ['g+c', 'goConnect'],
    ['Esc', 'close'],
    ['?', 'help']]],
  ['list', [['j k ↓ ↑', 'move'], ['Home End', 'ends'], ['Enter', 'open'], ['.', 'news'],
    ['l', 'live'], ['o O', 'sort'], ['x', 'choose'], ['Shift+x', 'reach']]],
  ['review', [['1-9', 'label'], ['↓ ↑', 'labels'], ['Enter', 'submit'], ['n j', 'nextItem'],
    ['p k', 'previousItem'], ['s', 'skip'], ['u', 'undo']]],
  ['trace', [['[ ]', 'siblings'], ['1 2 3 4', 'views'], ['↓ ↑ Home End', 'spans'],
    ['← →', 'fold'], ['e', 'error'], ['s', 'slowest'], ['t', 'cost'], ['v', 'evaluation'],
    ['f', 'full']]],
] as const;

export function KeyHelp(props: { onClose: () => void }): JSX.Element {
  return (
    <Dialog title={t().keys.title} onClose={() => props.onClose()}>
      <For each={keyRows}>
        {([group, rows]) => (
          <>
            <h3>{t().keys.groups[group]}</h3>
            <dl class="key-list">
              <For each={rows}>
                {([keys, what]) => (
                  <div>
                    <dt><For each={keys.split(' ')}>
                      {(key) => <span><For each={key.split('+')}>{(one) => <kbd>{one}</kbd>}
                      </For></span>}</For></dt>
                    <dd>{t().keys.rows[what]}</dd>
                  </div>
                )}
              </For>
            </dl>
          </>
        )}
      </For>
      <p class="quiet key-note">{t().keys.note}</p>
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
