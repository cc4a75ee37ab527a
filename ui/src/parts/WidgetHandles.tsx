// The two handles of a widget of a dashboard that is edited: to move it, and to resize it. Dragged,
// or by the arrow keys; Enter keeps where it stands, Escape takes it back.
import { createSignal, type JSX, Show } from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import { noStep, type Step } from '../lib/dashboard_layout';
import { Icon } from './Icons';

export interface Arrange {
  columns: () => number;
  isFlowing: () => boolean;
  show: (at: number, step: Step) => void;
  keep: () => Promise<void>;
  takeBack: () => void;
}

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export function Handle(props: {
  kind: 'move' | 'resize'; at: number; name: string; arrange: Arrange;
}): JSX.Element {
  let button!: HTMLButtonElement;
  const words = () => tDashboards();
  const [step, setStep] = createSignal<Step | null>(null);
  // Where the pointer went down, and how large a cell is.
  let drag: { x: number; y: number; cellX: number; cellY: number } | null = null;
  const label = () => (props.kind === 'move' ? words().moveWidget : words().resizeWidget)(props.name);
  const show = (x: number, y: number) => {
    const next = props.kind === 'move' ? { ...noStep, x, y } : { ...noStep, width: x, height: y };
    setStep(next);
    props.arrange.show(props.at, next);
  };
  const end = (isKept: boolean) => {
    drag = null;
    if (step() === null) return;
    setStep(null);
    if (!isKept) { props.arrange.takeBack(); return; }
    // A widget that changes its place in the page takes the focus with it.
    const hadFocus = document.activeElement === button;
    void props.arrange.keep().then(() => { if (hadFocus) button.focus(); });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = arrows[event.key];
    const now = step() ?? noStep;
    if (by) show(now.x + now.width + by[0], now.y + now.height + by[1]);
    else if (step() !== null && (event.key === 'Enter' || event.key === ' ')) end(true);
    else if (step() !== null && event.key === 'Escape') end(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const grid = event.currentTarget.closest('.widget-grid');
    const widget = event.currentTarget.closest<HTMLElement>('.widget');
    if (!grid || !widget || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const rows = Number(/span (\d+)/.exec(widget.style.getPropertyValue('--row'))?.[1] ?? 1);
    drag = {
      x: event.clientX, y: event.clientY, cellX: grid.clientWidth / props.arrange.columns(),
      cellY: widget.offsetHeight / rows,
    };
  };
  const onMove = (event: PointerEvent) => {
    if (!drag) return;
    if (props.arrange.isFlowing() && props.kind === 'move') {
      const over = document.elementsFromPoint(event.clientX, event.clientY)
        .map((one) => one.closest<HTMLElement>('[data-at]')).find((one) => one !== null);
      const to = Number(over?.dataset.at ?? props.at);
      if (to !== props.at || step() !== null) show(to - props.at, 0);
      return;
    }
    const x = Math.round((event.clientX - drag.x) / drag.cellX);
    const y = Math.round((event.clientY - drag.y) / drag.cellY);
    if (x !== 0 || y !== 0 || step() !== null) show(x, y);
  };
  return (
    <button ref={button} type="button" class={`bare picture-no widget-${props.kind}`} aria-label={label()}
      title={`${label()}. ${words().handleHelp}`} onKeyDown={onKeyDown} onBlur={() => { end(true); }}
      onPointerDown={onDown} onPointerMove={onMove} onPointerUp={() => { end(true); }}
      onPointerCancel={() => { end(false); }}>
      <Icon name={props.kind} />
      <Show when={step()}><span class="off-screen" role="status">{words().handleHelp}</span></Show>
    </button>
  );
}
