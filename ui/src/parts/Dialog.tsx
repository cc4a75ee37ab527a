// A dialog of the page. <dialog> keeps the focus inside and gives it back by itself.
import { type JSX, onMount } from 'solid-js';
import { tCommon } from '../i18n/shell';
import { Icon } from './Icons';

export function Dialog(props: {
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
          <button type="button" class="bare" aria-label={tCommon().close}
            onClick={() => box.close()}><Icon name="close" /></button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
