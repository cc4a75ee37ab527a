// Lines over time as shapes of a picture 1000 wide and 100 high. Pure.

export interface Line {
  name: string; display: 'line' | 'area' | 'bars'; points: [number, number | null][];
  stepMs: number; // between two points
}
export interface Shape { name: string; kind: 'stroke' | 'fill'; path: string; color: number }
export interface Picture { shapes: Shape[]; least: number; most: number }

export const colors = 8;
const width = 1000;
const height = 100;

// The largest value an axis has: 1, 2 or 5 times a power of ten.
export function roundTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

const known = (line: Line): number[] =>
  line.points.map(([, value]) => value).filter((value): value is number => value !== null);

// Areas and bars stand on one another, by their times.
function stacked(lines: readonly Line[]): Map<Line, Map<number, [number, number]>> {
  const heights = new Map<number, number>();
  const places = new Map<Line, Map<number, [number, number]>>();
  for (const line of lines) {
    if (line.display === 'line') continue;
    const own = new Map<number, [number, number]>();
    for (const [at, value] of line.points) {
      if (value === null) continue;
      const below = heights.get(at) ?? 0;
      own.set(at, [below, below + value]);
      heights.set(at, below + value);
    }
    places.set(line, own);
  }
  return places;
}

const digits = (value: number): string => String(Math.round(value * 100) / 100);

export function pictureOf(lines: readonly Line[], fromMs: number, toMs: number): Picture {
  const places = stacked(lines);
  const tops = [...places.values()].flatMap((own) => [...own.values()].map(([, top]) => top));
  const plain = lines.filter((line) => line.display === 'line').flatMap(known);
  const most = roundTop(Math.max(0, ...limits(tops), ...limits(plain)));
  const lowest = Math.min(0, ...limits(tops), ...limits(plain));
  const least = lowest < 0 ? -roundTop(-lowest) : 0;
  const x = (ms: number) => digits(((ms - fromMs) / Math.max(1, toMs - fromMs)) * width);
  const y = (value: number) => digits(height - ((value - least) / (most - least)) * height);
  const shapes = lines.map((line, n): Shape => {
    const color = n % colors;
    const own = places.get(line);
    if (!own) return { name: line.name, kind: 'stroke', color, path: strokeOf(line, x, y) };
    const path = line.display === 'bars' ? barsOf(line, own, x, y) : areaOf(own, x, y);
    return { name: line.name, kind: 'fill', color, path };
  });
  return { shapes, least, most };
}

// Least and most, without giving a function a hundred thousand arguments.
function limits(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

// A value that is missing breaks the line.
function strokeOf(line: Line, x: (ms: number) => string, y: (value: number) => string): string {
  let path = '';
  let isDown = false;
  for (const [at, value] of line.points) {
    if (value !== null) path += `${isDown ? 'L' : 'M'}${x(at)} ${y(value)}`;
    // A point alone is a short line, or nobody would see it.
    if (value !== null && !isDown) path += `h0.01`;
    isDown = value !== null;
  }
  return path;
}

function areaOf(
  own: ReadonlyMap<number, [number, number]>, x: (ms: number) => string,
  y: (value: number) => string,
): string {
  const rows = [...own.entries()].sort(([a], [b]) => a - b);
  if (rows.length === 0) return '';
  const over = rows.map(([at, [, top]]) => `${x(at)} ${y(top)}`);
  const under = rows.map(([at, [below]]) => `${x(at)} ${y(below)}`).reverse();
  return `M${[...over, ...under].join('L')}Z`;
}

function barsOf(
  line: Line, own: ReadonlyMap<number, [number, number]>, x: (ms: number) => string,
  y: (value: number) => string,
): string {
  return [...own.entries()].map(([at, [below, top]]) =>
    `M${x(at)} ${y(below)}V${y(top)}H${x(at + line.stepMs * 0.9)}V${y(below)}Z`).join('');
}

// The value of each line at a moment: of its last point before it.
export function valuesAt(lines: readonly Line[], ms: number): { line: Line; value: number }[] {
  return lines.flatMap((line) => {
    const point = line.points.findLast(([at, value]) => at <= ms && value !== null);
    return point?.[1] === null || point === undefined ? [] : [{ line, value: point[1] }];
  });
}
