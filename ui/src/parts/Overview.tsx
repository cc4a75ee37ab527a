// The whole trace in 48 px on a canvas: every span (or some neighbouring ones) a stroke,
// failed ones on top in red. A click goes to that place.
import { createEffect, type JSX, onCleanup, onMount } from 'solid-js';
import { tTrace } from '../i18n/trace';
import { theme } from '../lib/theme';

const heightPx = 48;
const spansMin = 12;

export interface Stroke {
  startNs: number;
  endNs: number;
  kind: string;
  failed: boolean;
}

interface Props {
  strokes: readonly Stroke[];
  spanNs: number;
  // Where the selected span stands among all, from 0 to 1; null = nowhere.
  at: number | null;
  onChoose: (share: number) => void;
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
    const step = heightPx / Math.max(1, props.strokes.length);
    const thick = Math.max(1, Math.min(3, step - 0.5));
    const paint = (stroke: Stroke, at: number, colour: string, px: number) => {
      pen.fillStyle = colour;
      pen.fillRect(
        (stroke.startNs / props.spanNs) * width, at * step,
        Math.max(px, ((stroke.endNs - stroke.startNs) / props.spanNs) * width),
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
    props.strokes.forEach((stroke, i) => paint(stroke, i, ofKind(stroke.kind), 1));
    const red = colourOf('--bad');
    props.strokes.forEach((stroke, i) => {
      if (stroke.failed) paint(stroke, i, red, 4);
    });
    if (props.at === null) return;
    pen.fillStyle = colourOf('--accent');
    pen.fillRect(0, Math.max(0, props.at * heightPx - 1), 3, Math.max(3, thick + 2));
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
  const choose = (event: MouseEvent) =>
    props.onChoose(Math.min(0.999999, Math.max(0, event.offsetY / heightPx)));
  return (
    <canvas ref={canvas} class="overview" classList={{ small: props.strokes.length < spansMin }}
      height={heightPx} role="img" aria-label={tTrace().overview} title={tTrace().overview}
      onClick={choose} />
  );
}
