// What a dashboard in Datadog's JSON asks and how it is laid out. What is not known here stays in
// the object untouched. Pure.

export interface Layout { x: number; y: number; width: number; height: number }
export interface Widget { id?: number; definition: Json; layout?: Layout }
export interface TemplateVariable {
  name: string; prefix?: string | null; default?: string | null; defaults?: string[];
  available_values?: string[] | null;
}
// What the variables are set to under a name.
export interface Preset {
  name: string; template_variables?: { name: string; value?: string; values?: string[] }[];
}
export interface Dashboard {
  id: string; title: string; description?: string | null; layout_type: string;
  widgets: Widget[]; template_variables?: TemplateVariable[] | null;
  template_variable_presets?: Preset[] | null;
}

export const drawn = [
  'timeseries', 'query_value', 'toplist', 'query_table', 'note', 'free_text', 'group', 'change',
  'heatmap', 'distribution', 'sunburst', 'treemap', 'list_stream', 'event_timeline',
  'event_stream', 'check_status', 'image',
] as const;
export type Drawn = (typeof drawn)[number];

export type Json = Record<string, unknown>;
export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const listOf = (value: unknown): Json[] =>
  (Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : []);

// Of the server's own: no dashboard of a user has such an id.
export const isShipped = (dashboard: { id: string }): boolean =>
  dashboard.id.startsWith('catalejo-');

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
    value: chosen(one.name) || joined(one.defaults ?? []) || one.default || '*',
  }]));
}

// Several values are written with commas between them; everything is everything.
const joined = (values: readonly string[]): string =>
  (values.includes('*') ? '*' : values.join(','));

export const presetsOf = (dashboard: Dashboard): Preset[] =>
  listOf(dashboard.template_variable_presets)
    .filter((one) => textOf(one.name) !== '') as unknown as Preset[];

// What a preset sets each variable to; one that it does not name is what it usually is.
export const presetValues = (dashboard: Dashboard, preset: Preset): Record<string, string> =>
  Object.fromEntries((dashboard.template_variables ?? []).map(({ name }) => {
    const own = listOf(preset.template_variables).find((one) => one.name === name);
    const all = Array.isArray(own?.values) ? own.values.map(textOf) : [];
    return [name, joined(all) || textOf(own?.value)];
  }));

// The first preset by which the variables are what they are.
export function presetInUse(dashboard: Dashboard, values: Values): Preset | undefined {
  return presetsOf(dashboard).find((preset) => {
    const set = presetValues(dashboard, preset);
    const meant = valuesOf(dashboard.template_variables ?? [], (name) => set[name] ?? '');
    return [...meant].every(([name, { value }]) => values.get(name)?.value === value);
  });
}

// A preset of these values, in the place of one of the same name.
export function withPreset(dashboard: Dashboard, name: string, values: Values): Dashboard {
  const preset: Preset = {
    name,
    template_variables: [...values].map(([variable, { value }]) =>
      ({ name: variable, values: value.split(',') })),
  };
  const all = dashboard.template_variable_presets ?? [];
  const at = all.findIndex((one) => one.name === name);
  return {
    ...dashboard,
    template_variable_presets: at < 0 ? [...all, preset] : all.with(at, preset),
  };
}

export const withoutPreset = (dashboard: Dashboard, name: string): Dashboard => ({
  ...dashboard,
  template_variable_presets:
    (dashboard.template_variable_presets ?? []).filter((one) => one.name !== name),
});

// "*" in a list says nothing beside other terms.
const withoutStars = (scope: string): string => {
  const terms = scope.split(',').map((term) => term.trim());
  const said = terms.filter((term) => term !== '*' && term !== '');
  return said.length > 0 ? said.join(',') : '*';
};

export type Values = ReadonlyMap<string, { prefix: string; value: string }>;

function replaced(
  text: string, values: Values, term: (prefix: string, value: string) => string,
): string {
  // A longer name may begin with a shorter one, and names may have dots.
  const names = [...values.keys()].sort((a, b) => b.length - a.length);
  for (const name of names) {
    const { prefix, value } = values.get(name) ?? { prefix: '', value: '*' };
    text = text.replaceAll(`$${name}.value`, value).replaceAll(`$${name}`, term(prefix, value));
  }
  return text;
}

// The query with every $variable as the terms it stands for.
export function filled(query: string, values: Values): string {
  const text = replaced(query, values, (prefix, value) =>
    (value === '*' || prefix === '' ? value
      : value.includes(',') ? `${prefix} IN (${value})` : `${prefix}:${value}`));
  return text.replace(/\{([^{}]*)\}/g, (whole, scope: string) =>
    (/\b(AND|OR|NOT|IN)\b|[()]/.test(scope) ? whole : `{${withoutStars(scope)}}`));
}

// The same of a search for spans, in which everything is nothing.
export function filledSearch(search: string, values: Values): string {
  const one = (value: string) =>
    (/^[\w.*?:/@-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`);
  const quoted = (value: string) =>
    (value.includes(',') ? `(${value.split(',').map(one).join(' OR ')})` : one(value));
  return replaced(search, values, (prefix, value) =>
    (value === '*' ? '' : prefix === '' ? quoted(value) : `${prefix}:${quoted(value)}`))
    .replace(/\s+/g, ' ').trim();
}

// ---- questions ----

export interface Question { text: string; name: string; display: 'line' | 'area' | 'bars' }

const displays = new Set(['line', 'area', 'bars']);
export const displayOf = (request: Json): Question['display'] => {
  const asked = textOf(request.display_type);
  return displays.has(asked) ? asked as Question['display'] : 'line';
};

// A formula names its queries; each name is replaced by the query itself.
export function spelled(formula: string, queries: ReadonlyMap<string, string>): string {
  return formula.replace(/[A-Za-z_]\w*/g, (word) => queries.get(word) ?? word);
}

// What a request of a widget asks; null when it asks for something else than metrics.
export function questionsOf(request: Json): Question[] | null {
  const display = displayOf(request);
  const old = textOf(request.q);
  if (old) return [{ text: old, name: '', display }];
  const queries = listOf(request.queries);
  if (queries.length === 0) return null;
  if (queries.some((one) => textOf(one.data_source) !== 'metrics')) return null;
  const byName = new Map(queries.map((one) => [textOf(one.name), textOf(one.query)]));
  const formulas = listOf(request.formulas);
  const questions = formulas.length === 0
    ? [...byName.values()].map((text) => ({ text, name: '', display }))
    : formulas.map((one) => ({
      text: spelled(textOf(one.formula), byName), name: textOf(one.alias), display,
    }));
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
  image: { width: 3, height: 2 }, list_stream: { width: 8, height: 4 },
  event_stream: { width: 6, height: 4 }, check_status: { width: 6, height: 3 },
  group: { width: columnsUsual, height: 1 },
};
export const sizeOf = (type: string) => usual[type] ?? { width: 4, height: 3 };

export const isLayout = (value: unknown): value is Layout => isRecord(value) &&
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
  if (type === 'event_timeline' || type === 'event_stream')
    return { type, ...(title ? { title } : {}), query: text };
  if (text.startsWith('histogram:'))
    return {
      type, ...(title ? { title } : {}), requests: [{
        request_type: 'histogram', query: { data_source: 'metrics', name: 'query1', query: text },
      }],
    };
  const request = type === 'timeseries'
    ? { q: text, display_type: 'line' } : { q: text, aggregator: 'avg' };
  return { type, ...(title ? { title } : {}), requests: [request] };
}

export function isDashboard(value: unknown): value is Dashboard {
  return isRecord(value) && textOf(value.title) !== '' && Array.isArray(value.widgets) &&
    value.widgets.every((one) => isRecord(one) && isRecord(one.definition));
}
