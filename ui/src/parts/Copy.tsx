import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { tCommon } from '../i18n/shell';
import { Icon } from './Icons';

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard is closed to pages served over plain HTTP from another machine.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'off-screen';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

// Copies what `text` gives when pressed; `what` names it for those who do not see the icon.
export function Copy(props: { text: () => string; what: string; label?: string }): JSX.Element {
  const [done, setDone] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async (event: MouseEvent) => {
    event.stopPropagation();
    if (!(await write(props.text()))) return;
    setDone(true);
    clearTimeout(timer);
    timer = setTimeout(() => setDone(false), 1_500);
  };
  return (
    <button
      type="button"
      class="copy"
      classList={{ done: done() }}
      title={tCommon().copyWhat(props.what)}
      aria-label={done() ? tCommon().copied : tCommon().copyWhat(props.what)}
      onClick={(event) => void copy(event)}
    >
      <Icon name={done() ? 'ok' : 'copy'} />
      <Show when={props.label}>
        <span aria-hidden="true">{done() ? tCommon().copied : props.label}</span>
      </Show>
    </button>
  );
}
