// Where widgets stand, moved and resized: {x, y, width, height} as Datadog's JSON has it, or, of a
// dashboard without that, their order. What is not moved stays the same object. Pure.
import {
  columnsUsual, type Dashboard, isLayout, type Layout, placed, sizeOf, typeOf, type Widget,
} from './dashboard';

// In cells; of what flows, x and y count places in the order.
export interface Step { x: number; y: number; width: number; height: number }
export const noStep: Step = { x: 0, y: 0, width: 0, height: 0 };

export const isFlowing = (dashboard: Dashboard): boolean =>
  !dashboard.widgets.some((one) => isLayout(one.layout));

const between = (value: number, min: number, max: number) => Math.max(min, Math.min(max, value));
const overlap = (a: Layout, b: Layout) => a.x < b.x + b.width && b.x < a.x + a.width &&
  a.y < b.y + b.height && b.y < a.y + a.height;

// The place of each where it flows: beside the one before when there is room, else below it.
function flowed(widgets: readonly Widget[]): Layout[] {
  const places: Layout[] = [];
  let x = 0;
  let y = 0;
  for (const widget of widgets) {
    const size = sizeOf(typeOf(widget));
    for (;;) {
      const place = { x, y, ...size };
      if (x + size.width > columnsUsual) {
        x = 0;
        y += 1;
      } else if (places.some((one) => overlap(one, place))) {
        x += 1;
      } else {
        places.push(place);
        x += size.width;
        break;
      }
    }
  }
  return places;
}

// Those that it now lies over go below it, and what is there below them.
function pushed(places: (Layout | null)[], first: number): void {
  const below = [first];
  for (let at = below.shift(); at !== undefined; at = below.shift()) {
    const over = places[at];
    if (!over) continue;
    places.forEach((one, i) => {
      if (!one || i === at || i === first || !overlap(over, one)) return;
      places[i] = { ...one, y: over.y + over.height };
      below.push(i);
    });
  }
}

function reordered(dashboard: Dashboard, at: number, by: number): Dashboard {
  const widgets = [...dashboard.widgets];
  const [moved] = widgets.splice(at, 1);
  if (moved) widgets.splice(between(at + by, 0, widgets.length), 0, moved);
  return { ...dashboard, widgets };
}

export function arranged(dashboard: Dashboard, at: number, step: Step): Dashboard {
  const isFlow = isFlowing(dashboard);
  if (isFlow && step.width === 0 && step.height === 0)
    return reordered(dashboard, at, step.x + step.y);
  const { columns } = placed(dashboard.widgets);
  const places: (Layout | null)[] = isFlow ? flowed(dashboard.widgets)
    : dashboard.widgets.map(({ layout }) => (isLayout(layout) ? layout : null));
  const before = places[at];
  if (!before) return dashboard;
  const width = between(before.width + step.width, 1, columns - before.x);
  places[at] = {
    ...before, width, height: Math.max(1, before.height + step.height),
    x: between(before.x + step.x, 0, columns - width), y: Math.max(0, before.y + step.y),
  };
  pushed(places, at);
  const widgets = dashboard.widgets.map((widget, i) => {
    const place = places[i];
    return !place || place === widget.layout ? widget : { ...widget, layout: place };
  });
  // What flowed has places from now on, which Datadog calls fixed.
  return { ...dashboard, widgets,
    ...(isFlow && dashboard.layout_type === 'ordered' ? { reflow_type: 'fixed' } : {}) };
}

// What came back from the server, with the definitions that did not change as the same objects: so
// that a widget that was moved does not ask again.
export function sameObjects(kept: Dashboard, sent: Dashboard): Dashboard {
  return {
    ...kept,
    widgets: kept.widgets.map((widget, i) => {
      const before = sent.widgets[i]?.definition;
      return before && JSON.stringify(before) === JSON.stringify(widget.definition)
        ? { ...widget, definition: before } : widget;
    }),
  };
}

export interface Spot { column: string; row: string; order: number }

// Of each of `widgets` where it stands in what is made of them.
export function spotsOf(widgets: readonly Widget[], arrangedOnes: readonly Widget[]): Spot[] {
  const { places } = placed(arrangedOnes);
  const byDefinition = new Map(places.map((place, order) =>
    [place.widget.definition, { column: place.column, row: place.row, order }]));
  return widgets.map(({ definition }) =>
    byDefinition.get(definition) ?? { column: 'auto', row: 'auto', order: 0 });
}
