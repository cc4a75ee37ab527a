// Asks for a key where the server wants one.
import { createSignal, type JSX } from 'solid-js';
import { setKey } from '../api/client';
import { tKey } from '../i18n/shell';
import { Copy } from './Copy';
import { Dialog } from './Dialog';

export function KeyPrompt(): JSX.Element {
  const [typed, setTyped] = createSignal('');
  return (
    <Dialog title={tKey().title} onClose={() => undefined}>
      <form class="key-form" onSubmit={(event) => {
        event.preventDefault();
        if (typed().trim()) setKey(typed().trim());
      }}>
        <p>{tKey().why}</p>
        <label>{tKey().label}
          <input type="password" autocomplete="off" autofocus value={typed()}
            data-testid="key-input" onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <p class="quiet">{tKey().make} <code>catalejo key create</code>
          <Copy text={() => 'catalejo key create'} what="catalejo key create" /></p>
        <button type="submit" class="primary" disabled={!typed().trim()}>{tKey().use}</button>
      </form>
    </Dialog>
  );
}
