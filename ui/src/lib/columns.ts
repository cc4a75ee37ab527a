// The columns of the list: which, in which order, how wide. Chosen ones stand in the address.

export const columnNames = [
  'time', 'status', 'name', 'call', 'model', 'duration', 'tokens', 'cost', 'deployment',
  'service', 'ml_app', 'env', 'session', 'user', 'spans', 'llm_calls', 'provider', 'error_type',
] as const;
export type Column = (typeof columnNames)[number];

export const defaultColumns: readonly Column[] = [
  'time', 'status', 'name', 'call', 'model', 'duration', 'tokens', 'cost',
];

const widths: Record<Column, string> = {
  time: 'var(--time, 62px)', status: '18px', name: 'minmax(0, 132px)', call: 'minmax(160px, 1fr)',
  model: 'minmax(0, 92px)', duration: '132px', tokens: '46px', cost: '68px',
  deployment: 'minmax(0, 120px)', service: 'minmax(0, 110px)', ml_app: 'minmax(0, 120px)',
  env: '64px', session: 'minmax(0, 110px)', user: 'minmax(0, 110px)', spans: '52px',
  llm_calls: '52px', provider: 'minmax(0, 100px)', error_type: 'minmax(0, 150px)',
};

export function isColumn(name: string): name is Column {
  return (columnNames as readonly string[]).includes(name);
}

// The chosen columns in an address; null when they are the usual ones or none is known.
export function parseColumns(text: string | null): Column[] | null {
  const named = [...new Set((text ?? '').split(','))].filter(isColumn);
  return named.length === 0 || sameColumns(named, defaultColumns) ? null : named;
}

export function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a.length === b.length && a.every((column, i) => column === b[i]);
}

// null leaves the widths to the style sheet, which has them for every size of screen.
export function gridColumns(columns: readonly Column[] | null): string | null {
  return columns ? columns.map((column) => widths[column]).join(' ') : null;
}

export function moved(columns: readonly Column[], column: Column, by: number): Column[] {
  const at = columns.indexOf(column);
  const to = Math.max(0, Math.min(columns.length - 1, at + by));
  if (at < 0) return [...columns];
  const rest = columns.filter((c) => c !== column);
  return [...rest.slice(0, to), column, ...rest.slice(to)];
}
