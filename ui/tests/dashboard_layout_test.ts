import { expect, test } from 'vitest';
import type { Dashboard, Layout } from '../src/lib/dashboard';
import {
  arranged, isFlowing, noStep, sameObjects, spotsOf,
} from '../src/lib/dashboard_layout';

const board = (layouts: (Layout | undefined)[], layout_type = 'ordered'): Dashboard => ({
  id: 'a', title: 'A', layout_type, widgets: layouts.map((layout, id) => ({
    id, definition: { type: 'timeseries', title: String(id) }, ...(layout ? { layout } : {}),
  })),
});
const layoutsOf = (dashboard: Dashboard) =>
  dashboard.widgets.map(({ layout: one }) => one && [one.x, one.y, one.width, one.height]);
const two = () => board([
  { x: 0, y: 0, width: 4, height: 3 }, { x: 4, y: 0, width: 4, height: 3 },
  { x: 0, y: 3, width: 12, height: 2 },
]);

test('a widget moves by cells, within the columns, and pushes down what it lies over', () => {
  expect(layoutsOf(arranged(two(), 0, { ...noStep, x: 8 }))[0]).toEqual([8, 0, 4, 3]);
  expect(layoutsOf(arranged(two(), 0, { ...noStep, x: 99, y: -5 }))[0]).toEqual([8, 0, 4, 3]);
  expect(layoutsOf(arranged(two(), 0, { ...noStep, x: 2 }))).toEqual(
    [[2, 0, 4, 3], [4, 3, 4, 3], [0, 6, 12, 2]]);
});

test('a widget is resized within the columns, and is never nothing', () => {
  expect(layoutsOf(arranged(two(), 1, { ...noStep, width: 99, height: 1 }))).toEqual(
    [[0, 0, 4, 3], [4, 0, 8, 4], [0, 4, 12, 2]]);
  expect(layoutsOf(arranged(two(), 1, { ...noStep, width: -9, height: -9 }))[1]).toEqual(
    [4, 0, 1, 1]);
});

test('what is not moved stays the same object, and what is not known stays', () => {
  const before = two();
  Object.assign(before.widgets[0] ?? {}, { unknown: 1 });
  const after = arranged(before, 0, { ...noStep, x: 8 });
  expect(after.widgets[1]).toBe(before.widgets[1]);
  expect(after.widgets[0]).toMatchObject({ id: 0, unknown: 1 });
  expect(after.widgets[0]?.definition).toBe(before.widgets[0]?.definition);
});

test('without places widgets move in their order, and get places when one is resized', () => {
  const flow = board([undefined, undefined, undefined, undefined]);
  expect(isFlowing(flow)).toBe(true);
  const moved = arranged(flow, 0, { ...noStep, x: 1, y: 1 });
  expect(moved.widgets.map((one) => one.id)).toEqual([1, 2, 0, 3]);
  expect(isFlowing(moved)).toBe(true);
  expect(arranged(flow, 0, { ...noStep, x: -3 }).widgets.map((one) => one.id)).toEqual(
    [0, 1, 2, 3]);
  const resized = arranged(flow, 0, { ...noStep, width: 2 });
  expect(layoutsOf(resized)).toEqual([[0, 0, 6, 3], [4, 3, 4, 3], [8, 0, 4, 3], [0, 3, 4, 3]]);
  expect(resized).toMatchObject({ reflow_type: 'fixed' });
});

test('a free dashboard stays free, as wide as it is', () => {
  const free = board([
    { x: 0, y: 0, width: 47, height: 15 }, { x: 49, y: 0, width: 47, height: 15 }], 'free');
  expect(layoutsOf(arranged(free, 0, { ...noStep, x: 99, y: 20 }))).toEqual(
    [[49, 20, 47, 15], [49, 0, 47, 15]]);
  expect(arranged(free, 0, { ...noStep, x: 1 })).not.toHaveProperty('reflow_type');
});

test('what comes back unchanged is the same to the page', () => {
  const sent = arranged(two(), 0, { ...noStep, x: 8 });
  const kept = sameObjects(JSON.parse(JSON.stringify(sent)) as Dashboard, sent);
  expect(kept.widgets[0]?.definition).toBe(sent.widgets[0]?.definition);
  expect(kept.widgets[0]?.layout?.x).toBe(8);
});

test('while it is held, a widget is shown where it would stand', () => {
  const flow = board([undefined, undefined]);
  const held = arranged(flow, 0, { ...noStep, x: 1 });
  expect(spotsOf(flow.widgets, held.widgets).map((one) => one.order)).toEqual([1, 0]);
  expect(spotsOf(two().widgets, two().widgets)[0]?.column).toBe('auto');
  const before = two();
  expect(spotsOf(before.widgets, arranged(before, 0, { ...noStep, x: 8 }).widgets)[0]).toEqual(
    { column: '9 / span 4', row: '1 / span 3', order: 0 });
});
