// What a dashboard in Datadog's JSON asks and how it is laid out. What is not known here stays in
// the object untouched. Pure.

type Json = Record<string, unknown>;
export interface Layout { x: number; y: number; width: number; height: number }
export interface Widget { id?: number; definition: Json; layout?: Layout }
export interface TemplateVariable {
  name: string; prefix?: string | null; default?: string | null; defaults?: string[];
  available_values?: string[] | null;
}
export interface Dashboard {
  id: string; title: string; description?: string | null; layout_type: string;
  widgets: Widget[]; template_variables?: TemplateVariable[] | null;
}

export const drawn = [
  'timeseries', 'query_value', 'toplist', 'query_table', 'note', 'free_text', 'group',
] as const;
export type Drawn = (typeof drawn)[number];

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): Json[] =>
  (Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : []);

export const typeOf = (widget: Widget): string => textOf(widget.definition.type);
export const titleOf = (widget: Widget): string => textOf(widget.definition.title);
export const isDrawn = (widget: Widget): boolean =>
  (drawn as readonly string[]).includes(typeOf(widget));
export const widgetsIn = (widget: Widget): Widget[] =>
  listOf(widget.definition.widgets)
    .filter((one) => isRecord(one.definition)) as unknown as Widget[];

// ---- template variables ----

// What each variable stands for: of the address, else its default, else everything.
export function valuesOf(
  variables: readonly TemplateVariable[], chosen: (name: string) => string,
): Map<string, { prefix: string; value: string }> {
  return new Map(variables.map((one) => [one.name, {
    prefix: one.prefix ?? '',
    value: chosen(one.name) || one.defaults?.[0] || one.default || '*',
  }]));
}

// "*" in a list says nothing beside other terms.
const withoutStars = (scope: string): string => {
  const terms = scope.split(',').map((term) => term.trim());
  const said = terms.filter((term) => term !== '*' && term !== '');
  return said.length > 0 ? said.join(',') : '*';
};

// The query with every $variable as the terms it stands for.
export function filled(
  query: string, values: ReadonlyMap<string, { prefix: string; value: string }>,
): string {
  // A longer name may begin with a shorter one, and names may have dots.
  const names = [...values.keys()].sort((a, b) => b.length - a.length);
  let text = query;
  for (const name of names) {
    const { prefix, value } = values.get(name) ?? { prefix: '', value: '*' };
    const term = value === '*' || prefix === '' ? value : `${prefix}:${value}`;
    text = text.replaceAll(`$${name}.value`, value).replaceAll(`$${name}`, term);
  }
  return text.replace(/\{([^{}]*)\}/g, (whole, scope: string) =>
    (/\b(AND|OR|NOT|IN)\b|[()]/.test(scope) ? whole : `{${withoutStars(scope)}}`));
}

// ---- questions ----

export interface Question { text: string; name: string; display: 'line' | 'area' | 'bars' }

const displays = new Set(['line', 'area', 'bars']);
const displayOf = (request: Json): Question['display'] => {
  const asked = textOf(request.display_type);
  return displays.has(asked) ? asked as Question['display'] : 'line';
};

// A formula names its queries; each name is replaced by the query itself.
function spelled(formula: string, queries: ReadonlyMap<string, string>): string {
  return formula.replace(/[A-Za-z_]\w*/g, (word) => queries.get(word) ?? word);
}

// What the requests of a widget ask; null when one of them asks for something else than metrics.
export function questionsOf(definition: Json): Question[] | null {
  const questions: Question[] = [];
  for (const request of listOf(definition.requests)) {
    const display = displayOf(request);
    const old = textOf(request.q);
    if (old) {
      questions.push({ text: old, name: '', display });
      continue;
    }
    const queries = listOf(request.queries);
    if (queries.length === 0) return null;
    if (queries.some((one) => textOf(one.data_source) !== 'metrics')) return null;
    const byName = new Map(queries.map((one) => [textOf(one.name), textOf(one.query)]));
    const formulas = listOf(request.formulas);
    if (formulas.length === 0)
      questions.push(...[...byName.values()].map((text) => ({ text, name: '', display })));
    for (const one of formulas)
      questions.push({
        text: spelled(textOf(one.formula), byName), name: textOf(one.alias), display,
      });
  }
  return questions.some((one) => one.text === '') ? null : questions;
}

// How many values become one: what the request says, else their average.
export type Reduction = 'avg' | 'sum' | 'min' | 'max' | 'last';
export function reductionOf(definition: Json): Reduction {
  for (const request of listOf(definition.requests)) {
    const said = [textOf(request.aggregator),
      ...listOf(request.queries).map((one) => textOf(one.aggregator))].find((one) => one !== '');
    if (said === 'sum' || said === 'min' || said === 'max' || said === 'last') return said;
  }
  return 'avg';
}

export function reduced(values: readonly (number | null)[], how: Reduction): number | null {
  const known = values.filter((value): value is number => value !== null);
  const last = known.at(-1);
  if (last === undefined) return null;
  switch (how) {
    case 'last': return last;
    case 'min': return known.reduce((a, b) => Math.min(a, b));
    case 'max': return known.reduce((a, b) => Math.max(a, b));
    case 'sum': return known.reduce((a, b) => a + b);
    case 'avg': return known.reduce((a, b) => a + b) / known.length;
  }
}

// "bad", "warn", "good" by the first condition that holds.
export function toneOf(definition: Json, value: number | null): string {
  if (value === null) return '';
  const holds: Record<string, (limit: number) => boolean> = {
    '>': (limit) => value > limit, '>=': (limit) => value >= limit,
    '<': (limit) => value < limit, '<=': (limit) => value <= limit, '=': (limit) => value === limit,
  };
  for (const request of listOf(definition.requests)) {
    const formats = [...listOf(request.conditional_formats),
      ...listOf(request.formulas).flatMap((one) => listOf(one.conditional_formats))];
    for (const format of formats) {
      if (!holds[textOf(format.comparator)]?.(Number(format.value))) continue;
      const palette = textOf(format.palette);
      return palette.includes('red') ? 'bad' : palette.includes('yellow') ? 'warn'
        : palette.includes('green') ? 'good' : '';
    }
  }
  return '';
}

// ---- layout ----

export const columnsUsual = 12;
const usual: Record<string, { width: number; height: number }> = {
  query_value: { width: 3, height: 2 }, note: { width: 4, height: 2 },
  group: { width: columnsUsual, height: 1 },
};
const sizeOf = (type: string) => usual[type] ?? { width: 4, height: 3 };

const isLayout = (value: unknown): value is Layout => isRecord(value) &&
  ['x', 'y', 'width', 'height'].every((key) => Number.isFinite(value[key]));

export interface Placed { widget: Widget; column: string; row: string }

// Where each widget stands on a grid of `columns`; those without a place follow one another.
export function placed(widgets: readonly Widget[]): { columns: number; places: Placed[] } {
  const whole = (value: number) => Math.max(0, Math.floor(value));
  const columns = Math.max(columnsUsual, ...widgets.map(({ layout }) =>
    (isLayout(layout) ? Math.min(500, whole(layout.x) + whole(layout.width)) : 0)));
  const places = widgets.map((widget): Placed => {
    const { layout } = widget;
    if (!isLayout(layout)) {
      const { width, height } = sizeOf(typeOf(widget));
      return { widget, column: `span ${width}`, row: `span ${height}` };
    }
    const span = (value: number) => `span ${Math.max(1, whole(value))}`;
    return {
      widget, column: `${whole(layout.x) + 1} / ${span(layout.width)}`,
      row: `${whole(layout.y) + 1} / ${span(layout.height)}`,
    };
  });
  return { columns, places };
}

// ---- changes ----

// A new widget under those that are there.
export function withWidget(dashboard: Dashboard, definition: Json): Dashboard {
  const { width, height } = sizeOf(textOf(definition.type));
  const y = Math.max(0, ...dashboard.widgets.map(({ layout }) =>
    (isLayout(layout) ? layout.y + layout.height : 0)));
  const layout = { x: 0, y, width, height };
  const isFlowing = dashboard.widgets.length > 0 &&
    dashboard.widgets.every((one) => one.layout === undefined);
  return {
    ...dashboard,
    widgets: [...dashboard.widgets, isFlowing ? { definition } : { definition, layout }],
  };
}

export const withoutWidget = (dashboard: Dashboard, at: number): Dashboard =>
  ({ ...dashboard, widgets: dashboard.widgets.filter((_, i) => i !== at) });

// The definition that a person's few words make.
export function definitionOf(type: string, title: string, text: string): Json {
  if (type === 'note') return { type, content: text };
  const request = type === 'timeseries'
    ? { q: text, display_type: 'line' } : { q: text, aggregator: 'avg' };
  return { type, ...(title ? { title } : {}), requests: [request] };
}

export function isDashboard(value: unknown): value is Dashboard {
  return isRecord(value) && textOf(value.title) !== '' && Array.isArray(value.widgets) &&
    value.widgets.every((one) => isRecord(one) && isRecord(one.definition));
}
