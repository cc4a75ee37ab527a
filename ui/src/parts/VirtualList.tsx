// A long list of rows of one height, of which only those on screen exist. Rows are kept by
// identity while they stay in the window, so focus and selection survive scrolling and news.
import { createMemo, createSignal, For, type JSX, onCleanup, onMount } from 'solid-js';

const overscan = 8;
// Browsers cut elements off at some 17 million pixels; a taller list is scrolled at a scale.
const heightMax = 15_000_000;
// Where lists were left, so that coming back finds the same rows under the eyes.
const places = new Map<string, number>();

interface Props<T> {
  // Or something like an array, for rows that are not all here.
  each: { readonly length: number; slice(first: number, last: number): readonly T[] };
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
  // The rows about to be shown, for lists that fetch them then.
  onWindow?: (first: number, last: number) => void;
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
  const total = () => props.each.length * props.rowHeight;
  // How many pixels of rows one pixel of the scroll bar stands for.
  const scale = () => {
    const room = Math.min(total(), heightMax) - height();
    return total() > heightMax && room > 0 ? (total() - height()) / room : 1;
  };
  const topPx = () => top() * scale();
  const first = createMemo(() =>
    Math.max(0, Math.min(Math.floor(topPx() / props.rowHeight) - overscan, props.each.length - 1)));
  const last = createMemo(() =>
    Math.min(props.each.length, Math.ceil((topPx() + height()) / props.rowHeight) + overscan));
  const shown = createMemo(() => {
    props.onWindow?.(first(), last());
    return props.each.slice(first(), last());
  });

  const measure = () => {
    if (props.keep !== undefined) places.set(props.keep, box.scrollTop);
    setTop(Math.max(0, box.scrollTop - body.offsetTop));
    setHeight(box.clientHeight);
    props.onScroll?.(box.scrollTop);
    if (box.scrollTop + box.clientHeight > Math.min(total(), heightMax) - 12 * props.rowHeight)
      props.onNearEnd?.();
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
        const visible = box.clientHeight - head;
        if (scale() !== 1) {
          const at = index * props.rowHeight;
          const seen = at > topPx() && at + props.rowHeight < topPx() + visible;
          if (!seen) box.scrollTop = Math.max(0, at - visible / 2) / scale();
          return;
        }
        const from = index * props.rowHeight;
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
        style={{ height: `${Math.min(total(), heightMax)}px` }}
      >
        <div
          class="virtual-window"
          role="presentation"
          style={{ transform: `translateY(${top() + first() * props.rowHeight - topPx()}px)` }}
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
