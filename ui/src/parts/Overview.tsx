// The whole trace in 48 px on a canvas: every span a line, failed ones on top in red. A click
// goes to the span nearest to it.
import { createEffect, type JSX, onCleanup, onMount } from 'solid-js';
import { t } from '../i18n';
import { theme } from '../lib/theme';
import type { Node, Tree } from '../lib/tree';

const heightPx = 48;
const spansMin = 12;

interface Props {
  tree: Tree;
  selected: Node | undefined;
  onSelect: (node: Node) => void;
}

export function Overview(props: Props): JSX.Element {
  let canvas!: HTMLCanvasElement;
  const draw = () => {
    const width = canvas.clientWidth;
    const pen = canvas.getContext('2d');
    if (!pen || width === 0) return;
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = heightPx * scale;
    pen.scale(scale, scale);
    const style = getComputedStyle(canvas);
    const colourOf = (name: string) => style.getPropertyValue(name).trim();
    const rows = props.tree.order.length;
    const step = heightPx / rows;
    const thick = Math.max(1, Math.min(3, step - 0.5));
    const paint = (node: Node, at: number, colour: string, px: number) => {
      pen.fillStyle = colour;
      pen.fillRect(
        (node.startNs / props.tree.spanNs) * width, at * step,
        Math.max(px, ((node.endNs - node.startNs) / props.tree.spanNs) * width),
        Math.max(px, thick));
    };
    const kinds = new Map<string, string>();
    const ofKind = (kind: string) => {
      const known = kinds.get(kind);
      if (known !== undefined) return known;
      const colour = colourOf(`--kind-${kind || 'apm'}`) || colourOf('--kind-apm');
      kinds.set(kind, colour);
      return colour;
    };
    props.tree.order.forEach((node, i) => paint(node, i, ofKind(node.span.kind), 1));
    const red = colourOf('--bad');
    props.tree.order.forEach((node, i) => {
      if (node.span.status === 'error') paint(node, i, red, 4);
    });
    const selected = props.selected;
    if (!selected) return;
    const at = props.tree.order.indexOf(selected) * step;
    pen.fillStyle = colourOf('--accent');
    pen.fillRect(0, Math.max(0, at - 1), 3, Math.max(3, thick + 2));
  };
  createEffect(() => {
    theme();
    draw();
  });
  onMount(() => {
    const observer = new ResizeObserver(draw);
    observer.observe(canvas);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    onCleanup(() => {
      observer.disconnect();
      dark.removeEventListener('change', draw);
    });
  });
  const choose = (event: MouseEvent) => {
    const share = event.offsetY / heightPx;
    const node = props.tree.order[Math.floor(share * props.tree.order.length)];
    if (node) props.onSelect(node);
  };
  return (
    <canvas ref={canvas} class="overview" classList={{ small: props.tree.order.length < spansMin }}
      height={heightPx} role="img" aria-label={t().trace.overview} title={t().trace.overview}
      onClick={choose} />
  );
}
