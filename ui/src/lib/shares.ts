// Parts of a whole as rings and as boxes within boxes. Pure.
import type { ScalarTable } from './scalar_table';

export interface Share { name: string; value: number; color: number; children: Share[] }

const partsMax = 12;
const colors = 8;

// The groups of a table as a tree, one level a tag, the largest first. What is not above zero is no
// part of a whole; of many parts the smallest are one, under the name `others`.
export function sharesOf(table: ScalarTable, others: string): Share {
  const root: Share = { name: '', value: 0, color: 0, children: [] };
  table.columns.forEach((column, i) => {
    for (const row of table.rows) {
      const value = row.values[i] ?? null;
      if (value === null || value <= 0) continue;
      const tags = [...row.tags.values()].filter((one) => one !== '');
      const path = table.columns.length > 1 || tags.length === 0 ? [column, ...tags] : tags;
      put(root, path, value);
    }
  });
  arrange(root, others);
  root.children.forEach((child, i) => { tint(child, i % colors); });
  return root;
}

function put(at: Share, path: readonly string[], value: number): void {
  at.value += value;
  const [name, ...rest] = path;
  if (name === undefined) return;
  let child = at.children.find((one) => one.name === name);
  if (!child) {
    child = { name, value: 0, color: 0, children: [] };
    at.children.push(child);
  }
  put(child, rest, value);
}

function arrange(at: Share, others: string): void {
  at.children.sort((a, b) => b.value - a.value);
  if (at.children.length > partsMax) {
    const value = at.children.splice(partsMax - 1).reduce((sum, one) => sum + one.value, 0);
    at.children.push({ name: others, value, color: 0, children: [] });
  }
  for (const child of at.children) arrange(child, others);
}

function tint(at: Share, color: number): void {
  at.color = color;
  for (const child of at.children) tint(child, color);
}

// ---- rings ----

export interface Arc { share: Share; path: string; depth: number; names: string[]; part: number }

export const ringsRadius = 100;
const hole = 0.3;

const at = (turn: number, radius: number): string => {
  const angle = turn * 2 * Math.PI - Math.PI / 2;
  const round = (value: number) => Math.round(value * 100) / 100;
  return `${round(Math.cos(angle) * radius)} ${round(Math.sin(angle) * radius)}`;
};

function slice(from: number, to: number, inner: number, outer: number): string {
  // An arc cannot end where it begins: a whole ring is two.
  if (to - from > 0.9999) return `${slice(0, 0.5, inner, outer)}${slice(0.5, 0.9999, inner, outer)}`;
  const large = to - from > 0.5 ? 1 : 0;
  return `M${at(from, outer)}A${outer} ${outer} 0 ${large} 1 ${at(to, outer)}` +
    `L${at(to, inner)}A${inner} ${inner} 0 ${large} 0 ${at(from, inner)}Z`;
}

const depthOf = (share: Share): number =>
  1 + Math.max(0, ...share.children.map(depthOf));

export function ringsOf(root: Share): Arc[] {
  const depths = Math.max(1, depthOf(root) - 1);
  const width = (ringsRadius * (1 - hole)) / depths;
  const arcs: Arc[] = [];
  const walk = (share: Share, from: number, depth: number, names: string[]) => {
    let begin = from;
    for (const child of share.children) {
      const part = root.value > 0 ? child.value / root.value : 0;
      const inner = ringsRadius * hole + depth * width;
      const path = [...names, child.name];
      arcs.push({
        share: child, depth, part, names: path,
        path: slice(begin, begin + part, inner, inner + width),
      });
      walk(child, begin, depth + 1, path);
      begin += part;
    }
  };
  walk(root, 0, 0, []);
  return arcs;
}

// ---- boxes ----

export interface Box {
  share: Share; names: string[]; part: number; x: number; y: number; width: number; height: number;
}

interface Area { x: number; y: number; width: number; height: number }

// How far from a square the worst of a row would be.
function worst(row: readonly number[], side: number): number {
  const sum = row.reduce((a, b) => a + b, 0);
  const thickness = sum / side;
  return Math.max(...row.map((value) => {
    const length = value / thickness;
    return Math.max(length / thickness, thickness / length);
  }));
}

// Boxes of these sizes that fill the area, as square as they can be (Bruls et al., 2000).
export function boxesIn(sizes: readonly number[], area: Area): Area[] {
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total <= 0) return [];
  const scale = (area.width * area.height) / total;
  const left = { ...area };
  const boxes: Area[] = [];
  let from = 0;
  while (from < sizes.length) {
    const side = Math.min(left.width, left.height);
    if (side <= 0) break;
    let to = from + 1;
    const row = [(sizes[from] ?? 0) * scale];
    for (; to < sizes.length; to += 1) {
      const longer = [...row, (sizes[to] ?? 0) * scale];
      if (worst(longer, side) > worst(row, side)) break;
      row.push((sizes[to] ?? 0) * scale);
    }
    const thickness = row.reduce((a, b) => a + b, 0) / side;
    let along = 0;
    for (const value of row) {
      const length = value / thickness;
      boxes.push(left.width >= left.height
        ? { x: left.x, y: left.y + along, width: thickness, height: length }
        : { x: left.x + along, y: left.y, width: length, height: thickness });
      along += length;
    }
    if (left.width >= left.height) {
      left.x += thickness;
      left.width -= thickness;
    } else {
      left.y += thickness;
      left.height -= thickness;
    }
    from = to;
  }
  return boxes;
}

// The innermost parts in percent of the whole, those of one parent side by side.
export function treemapOf(root: Share): Box[] {
  const boxes: Box[] = [];
  const walk = (share: Share, area: Area, names: string[]) => {
    const areas = boxesIn(share.children.map((child) => child.value), area);
    share.children.forEach((child, i) => {
      const own = areas[i];
      if (!own) return;
      const path = [...names, child.name];
      if (child.children.length > 0) walk(child, own, path);
      else
        boxes.push({
          share: child, names: path, part: root.value > 0 ? child.value / root.value : 0, ...own,
        });
    });
  };
  walk(root, { x: 0, y: 0, width: 100, height: 100 }, []);
  return boxes;
}
