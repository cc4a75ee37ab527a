// A long list of rows of one height, of which only those on screen exist. Rows are kept by
// identity while they stay in the window, so focus and selection survive scrolling and news.
import { createMemo, createSignal, For, type JSX, onCleanup, onMount } from 'solid-js';

const overscan = 8;
// Where lists were left, so that coming back finds the same rows under the eyes.
const places = new Map<string, number>();

interface Props<T> {
  each: readonly T[];
  rowHeight: number;
  role: string;
  label: string;
  class?: string;
  // Widths of the columns, when they are not the style sheet's.
  columns?: string | null;
  rowCount?: number;
  tabIndex?: number;
  activeId?: string | undefined;
  header?: JSX.Element;
  footer?: JSX.Element;
  onNearEnd?: () => void;
  onScroll?: (top: number) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  control?: (control: ListControl) => void;
  // Lists with the same name are the same list.
  keep?: string;
  children: (item: T, index: () => number) => JSX.Element;
}

export interface ListControl {
  // Brings a row into view: just so, or to the middle when it is far from what is shown.
  show(index: number): void;
  toTop(): void;
  element(): HTMLElement;
}

export function VirtualList<T>(props: Props<T>): JSX.Element {
  let box!: HTMLDivElement;
  let body!: HTMLDivElement;
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(600);
  const first = createMemo(() =>
    Math.max(0, Math.min(Math.floor(top() / props.rowHeight) - overscan, props.each.length - 1)));
  const last = createMemo(() =>
    Math.min(props.each.length, Math.ceil((top() + height()) / props.rowHeight) + overscan));
  const shown = createMemo(() => props.each.slice(first(), last()));

  const measure = () => {
    if (props.keep !== undefined) places.set(props.keep, box.scrollTop);
    setTop(Math.max(0, box.scrollTop - body.offsetTop));
    setHeight(box.clientHeight);
    props.onScroll?.(box.scrollTop);
    const total = props.each.length * props.rowHeight;
    if (box.scrollTop + box.clientHeight > total - 12 * props.rowHeight) props.onNearEnd?.();
  };
  onMount(() => {
    const place = places.get(props.keep ?? '');
    if (place !== undefined) box.scrollTop = place;
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    observer.observe(body);
    onCleanup(() => observer.disconnect());
    props.control?.({
      element: () => box,
      toTop: () => box.scrollTo({ top: 0 }),
      show(index) {
        const head = body.offsetTop;
        const from = index * props.rowHeight;
        const visible = box.clientHeight - head;
        const above = box.scrollTop - from;
        const below = from + props.rowHeight - (box.scrollTop + visible);
        if (Math.max(above, below) > 2 * props.rowHeight) box.scrollTop = from - visible / 2;
        else if (above > 0) box.scrollTop = from;
        else if (below > 0) box.scrollTop += below;
      },
    });
  });

  return (
    <div
      ref={box}
      class={`virtual ${props.class ?? ''}`}
      style={props.columns ? { '--columns': props.columns } : {}}
      role={props.role as 'grid' | 'tree'}
      aria-label={props.label}
      aria-rowcount={props.rowCount}
      aria-activedescendant={props.activeId}
      tabIndex={props.tabIndex ?? 0}
      onScroll={measure}
      onKeyDown={(event) => props.onKeyDown?.(event)}
    >
      {props.header}
      <div
        ref={body}
        class="virtual-body"
        role={props.role === 'grid' ? 'rowgroup' : 'presentation'}
        style={{ height: `${props.each.length * props.rowHeight}px` }}
      >
        <div
          class="virtual-window"
          role="presentation"
          style={{ transform: `translateY(${first() * props.rowHeight}px)` }}
        >
          <For each={shown()}>
            {/* eslint-disable-next-line solid/reactivity -- an accessor, read by the row */}
            {(item, index) => props.children(item, () => first() + index())}
          </For>
        </div>
      </div>
      {props.footer}
    </div>
  );
}
