// A button with a box below it, closed by Esc, by a press outside, or by what is chosen in it.
import { createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js';
import { Icon, type IconName } from './Icons';

// `text`: written on the button; without it the icon stands alone and `label` is its tooltip.
export function Menu(props: {
  label: string; icon: IconName; testId: string; text?: string; count?: number;
  children: (close: () => void) => JSX.Element;
}): JSX.Element {
  let box!: HTMLDivElement;
  let button!: HTMLButtonElement;
  const [open, setOpen] = createSignal(false);
  const close = () => { setOpen(false); button.focus(); };
  const outside = (event: PointerEvent) => {
    if (event.target instanceof Node && !box.contains(event.target)) setOpen(false);
  };
  onMount(() => document.addEventListener('pointerdown', outside));
  onCleanup(() => document.removeEventListener('pointerdown', outside));
  return (
    <div class="menu-box" ref={box} onKeyDown={(event) => {
      if (event.key === 'Escape' && open()) { event.stopPropagation(); close(); }
    }}>
      <button ref={button} type="button" class="button" classList={{ 'menu-button': !props.text }}
        aria-expanded={open()} data-testid={props.testId} aria-label={props.label}
        title={props.text ? undefined : props.label} onClick={() => setOpen(!open())}>
        <Icon name={props.icon} />
        <Show when={props.text}>
          <span class="menu-words">{props.text}</span><Icon name="down" />
        </Show>
        <Show when={props.count}><span class="badge num">{props.count}</span></Show>
      </button>
      <Show when={open()}><div class="menu">{props.children(close)}</div></Show>
    </div>
  );
}
