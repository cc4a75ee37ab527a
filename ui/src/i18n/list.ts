// The words of lists, their search, filters and time range.
import { plural, words } from './language';

const viewsEn = {
  label: 'What to list',
  traces: 'Traces',
  spans: 'LLM spans',
  apm: 'APM spans',
};

const viewsEs: typeof viewsEn = {
  label: 'Qué se muestra',
  traces: 'Trazas',
  spans: 'Spans LLM',
  apm: 'Spans APM',
};

export const tViews = words(viewsEn, viewsEs);

const listEn = {
  title: 'Traces',
  sentence: (p: { count: number; shown: string; span: string; view: string }) =>
    `${p.shown} ${{
      traces: plural(p.count, 'call', 'calls'),
      spans: plural(p.count, 'LLM span', 'LLM spans'),
      apm: plural(p.count, 'APM span', 'APM spans'),
    }[p.view] ?? ''} ${p.span}`,
  failed: (p: { count: number; shown: string; share: string }) =>
    p.count === 0 ? 'none failed' : `${p.shown} failed (${p.share})`,
  p95: (value: string) => `p95 ${value}`,
  p95Title: '95 of 100 took no longer than this',
  within: {
    '15m': 'in the last 15 minutes',
    '1h': 'in the last hour',
    '4h': 'in the last 4 hours',
    '24h': 'in the last 24 hours',
    '7d': 'in the last 7 days',
    '30d': 'in the last 30 days',
  },
  between: (from: string, to: string) => `from ${from} to ${to}`,
  before: 'against the period before:',
  beforeNone: 'nothing in the period before to compare with',
  changeCalls: (change: string) => `calls ${change}`,
  changeFailed: (change: string) => `failure rate ${change}`,
  changeP95: (change: string) => `p95 ${change}`,
  points: (value: string) => `${value} points`,
  same: 'unchanged',
  columns: {
    time: 'Time',
    status: 'Status',
    call: 'Input → output',
    model: 'Model',
    duration: 'Duration',
    tokens: 'Tokens',
    cost: 'Cost',
  },
  ok: 'succeeded',
  error: 'failed',
  noInput: 'no input recorded',
  noOutput: 'no output',
  failedInside: (count: number) => `${count} failed inside`,
  tokensUnknown: 'The application reported no token counts for this call',
  tokensInOut: (input: string, output: string) => `${input} in, ${output} out`,
  emptyFiltered: 'Nothing fits these filters in this time range.',
  emptyRange: 'There is nothing in this time range.',
  emptyView: 'No span of this kind has arrived yet.',
  emptyNewest: (when: string) => `The newest call is from ${when}.`,
  showNewest: 'Show the time around it',
  clearFilters: 'Remove all filters',
  end: 'That is all in this time range.',
  loadingMore: 'Loading more…',
  histogram: 'Calls over time; drag to choose a time range',
  bucket: (p: { time: string; count: string; errors: string; p95: string }) =>
    `${p.time}: ${p.count}, ${p.errors} failed, p95 ${p.p95}`,
  legendOk: 'succeeded',
  legendError: 'failed',
  resetRange: 'Back to the last hour',
  rows: (count: string) => `${count} rows loaded`,
};

const listEs: typeof listEn = {
  title: 'Trazas',
  sentence: (p) =>
    `${p.shown} ${{
      traces: plural(p.count, 'llamada', 'llamadas'),
      spans: plural(p.count, 'span LLM', 'spans LLM'),
      apm: plural(p.count, 'span APM', 'spans APM'),
    }[p.view] ?? ''} ${p.span}`,
  failed: (p) =>
    p.count === 0
      ? 'ningún fallo'
      : `${p.shown} ${plural(p.count, 'fallo', 'fallos')} (${p.share})`,
  p95: (value) => `p95 de ${value}`,
  p95Title: '95 de cada 100 tardaron esto o menos',
  within: {
    '15m': 'en los últimos 15 minutos',
    '1h': 'en la última hora',
    '4h': 'en las últimas 4 horas',
    '24h': 'en las últimas 24 horas',
    '7d': 'en los últimos 7 días',
    '30d': 'en los últimos 30 días',
  },
  between: (from, to) => `entre el ${from} y el ${to}`,
  before: 'frente al periodo anterior:',
  beforeNone: 'sin datos del periodo anterior con los que comparar',
  changeCalls: (change) => `llamadas ${change}`,
  changeFailed: (change) => `tasa de fallos ${change}`,
  changeP95: (change) => `p95 ${change}`,
  points: (value) => `${value} puntos`,
  same: 'igual',
  columns: {
    time: 'Hora',
    status: 'Estado',
    call: 'Entrada → salida',
    model: 'Modelo',
    duration: 'Duración',
    tokens: 'Tokens',
    cost: 'Coste',
  },
  ok: 'correcta',
  error: 'fallida',
  noInput: 'sin entrada registrada',
  noOutput: 'sin salida',
  failedInside: (count) => `${count} ${plural(count, 'fallo', 'fallos')} dentro`,
  tokensUnknown: 'La aplicación no informó de los tokens de esta llamada',
  tokensInOut: (input, output) => `${input} de entrada, ${output} de salida`,
  emptyFiltered: 'Nada cumple estos filtros en este intervalo.',
  emptyRange: 'No hay nada en este intervalo.',
  emptyView: 'Todavía no ha llegado ningún span de este tipo.',
  emptyNewest: (when) => `La llamada más reciente es del ${when}.`,
  showNewest: 'Ver ese momento',
  clearFilters: 'Quitar todos los filtros',
  end: 'No hay más en este intervalo.',
  loadingMore: 'Cargando más…',
  histogram: 'Llamadas a lo largo del tiempo; arrastra para elegir un intervalo',
  bucket: (p) => `${p.time}: ${p.count}, ${p.errors} con fallo, p95 de ${p.p95}`,
  legendOk: 'correctas',
  legendError: 'fallidas',
  resetRange: 'Volver a la última hora',
  rows: (count) => `${count} filas cargadas`,
};

export const tList = words(listEn, listEs);

const searchEn = {
  label: 'Search in inputs and outputs',
  placeholder: 'Search: words, @status:error, team:core',
  clear: 'Clear the search',
  offers: 'Suggestions',
  kinds: { attribute: 'attribute', tag: 'tag' },
  write: (what: string) => `Write ${what}`,
  problems: {
    unclosed_quote: 'A closing quote is missing.',
    unclosed_bracket: 'A closing bracket is missing.',
    unexpected_character: 'This character cannot stand here; put text that holds it in quotes.',
    expected_term: 'A word or a condition is missing here.',
    expected_value: 'A value is missing here.',
    unknown_attribute: 'There is no such attribute.',
    wrong_value: 'This attribute cannot have that value.',
    not_comparable: 'This attribute holds no numbers to compare.',
    too_deep: 'Too many brackets inside each other.',
    too_many_terms: 'Too many conditions for one search.',
    too_long: 'The search is too long.',
  } as Record<string, string>,
};

const searchEs: typeof searchEn = {
  label: 'Buscar en entradas y salidas',
  placeholder: 'Buscar: palabras, @status:error, team:core',
  clear: 'Borrar la búsqueda',
  offers: 'Sugerencias',
  kinds: { attribute: 'atributo', tag: 'etiqueta' },
  write: (what: string) => `Escribir ${what}`,
  problems: {
    unclosed_quote: 'Faltan las comillas de cierre.',
    unclosed_bracket: 'Falta cerrar el paréntesis o el corchete.',
    unexpected_character:
      'Este carácter no puede ir aquí; el texto que lo contenga debe ir entre comillas.',
    expected_term: 'Aquí falta una palabra o una condición.',
    expected_value: 'Aquí falta un valor.',
    unknown_attribute: 'No existe ese atributo.',
    wrong_value: 'Este atributo no admite ese valor.',
    not_comparable: 'Este atributo no contiene números que comparar.',
    too_deep: 'Demasiados paréntesis unos dentro de otros.',
    too_many_terms: 'Demasiadas condiciones para una sola búsqueda.',
    too_long: 'La búsqueda es demasiado larga.',
  },
};

export const tSearch = words(searchEn, searchEs);

const filtersEn = {
  label: 'Filters',
  show: 'Filters',
  remove: (what: string) => `Remove filter ${what}`,
  exclude: (what: string) => `Exclude ${what}`,
  include: (what: string) => `Show only ${what}`,
  not: 'not',
  empty: '(empty)',
  noValues: 'no values',
  hint: 'Click to filter, – or Alt-click to exclude',
  fields: {
    service: 'Service',
    ml_app: 'Application',
    env: 'Environment',
    version: 'Version',
    kind: 'Kind',
    name: 'Name',
    model: 'Model',
    provider: 'Provider',
    deployment: 'Deployment', prompt: 'Prompt',
    status: 'Status',
    error_type: 'Error type',
    session: 'Session',
    user: 'User',
    source: 'Source',
    tag: 'Tag',
  },
};

const filtersEs: typeof filtersEn = {
  label: 'Filtros',
  show: 'Filtros',
  remove: (what) => `Quitar el filtro ${what}`,
  exclude: (what) => `Excluir ${what}`,
  include: (what) => `Ver solo ${what}`,
  not: 'no',
  empty: '(vacío)',
  noValues: 'sin valores',
  hint: 'Clic para filtrar; – o Alt+clic para excluir',
  fields: {
    service: 'Servicio',
    ml_app: 'Aplicación',
    env: 'Entorno',
    version: 'Versión',
    kind: 'Tipo',
    name: 'Nombre',
    model: 'Modelo',
    provider: 'Proveedor',
    deployment: 'Implementación', prompt: 'Prompt',
    status: 'Estado',
    error_type: 'Tipo de error',
    session: 'Sesión',
    user: 'Usuario',
    source: 'Origen',
    tag: 'Etiqueta',
  },
};

export const tFilters = words(filtersEn, filtersEs);

const rangeEn = {
  label: 'Time range',
  presets: {
    '15m': 'Last 15 minutes',
    '1h': 'Last hour',
    '4h': 'Last 4 hours',
    '24h': 'Last 24 hours',
    '7d': 'Last 7 days',
    '30d': 'Last 30 days',
  },
  custom: 'From – to',
  from: 'From',
  to: 'To',
  wrong: 'The start must be before the end.',
};

const rangeEs: typeof rangeEn = {
  label: 'Intervalo',
  presets: {
    '15m': 'Últimos 15 minutos',
    '1h': 'Última hora',
    '4h': 'Últimas 4 horas',
    '24h': 'Últimas 24 horas',
    '7d': 'Últimos 7 días',
    '30d': 'Últimos 30 días',
  },
  custom: 'Desde – hasta',
  from: 'Desde',
  to: 'Hasta',
  wrong: 'El comienzo tiene que ser anterior al final.',
};

export const tRange = words(rangeEn, rangeEs);

const liveEn = {
  toggle: 'Live',
  on: 'Live is on: new calls appear at the top unless you are pointing at the list',
  off: 'Live is off: new calls are announced, not shown',
  pill: (count: number, capped: boolean) => `${count}${capped ? '+' : ''} new`,
  pillTitle: 'Show the new calls (key: .)',
  lost: 'The connection for news is lost; the browser is trying again',
  paused: 'Live, paused',
};

const liveEs: typeof liveEn = {
  toggle: 'En vivo',
  on: 'En vivo: las llamadas nuevas aparecen arriba, salvo mientras señalas la lista',
  off: 'En pausa: las llamadas nuevas se anuncian, pero no se muestran',
  pill: (count, capped) => `${count}${capped ? '+' : ''} ${plural(count, 'nueva', 'nuevas')}`,
  pillTitle: 'Mostrar las llamadas nuevas (tecla: .)',
  lost: 'Se ha perdido la conexión de novedades; el navegador la está reintentando',
  paused: 'En vivo, en pausa',
};

export const tLive = words(liveEn, liveEs);

const columnsEn = {
  title: 'Columns',
  shown: 'Shown, in this order',
  hidden: 'Not shown',
  reset: 'Back to the usual columns',
  earlier: (column: string) => `Move ${column} earlier`,
  later: (column: string) => `Move ${column} later`,
  sortBy: (column: string) => `Sort by ${column}; press again to turn the order around`,
  names: {
    name: 'Name', deployment: 'Deployment', service: 'Service', ml_app: 'Application',
    env: 'Environment', session: 'Session', user: 'User', spans: 'Spans', llm_calls: 'Calls',
    provider: 'Provider', error_type: 'Error type',
  },
};

const columnsEs: typeof columnsEn = {
  title: 'Columnas',
  shown: 'A la vista, en este orden',
  hidden: 'Ocultas',
  reset: 'Volver a las columnas de siempre',
  earlier: (column) => `Adelantar ${column}`,
  later: (column) => `Retrasar ${column}`,
  sortBy: (column) => `Ordenar por ${column}; pulsa otra vez para invertir el orden`,
  names: {
    name: 'Nombre', deployment: 'Implementación', service: 'Servicio', ml_app: 'Aplicación',
    env: 'Entorno', session: 'Sesión', user: 'Usuario', spans: 'N.º de spans',
    llm_calls: 'Llamadas', provider: 'Proveedor', error_type: 'Tipo de error',
  },
};

export const tColumns = words(columnsEn, columnsEs);

const exportingEn = {
  title: 'Export',
  what: 'Everything that fits the filters, not only what is loaded.',
  whatCount: (count: string) => `${count} rows fit the filters; all of them are exported.`,
  csv: 'CSV, for a spreadsheet',
  jsonl: 'JSON Lines, for a program',
  parquet: (rows: string) => `Parquet, for DuckDB or pandas (the newest ${rows})`,
  received: (size: string) => `${size} so far…`,
  file: (size: string) => `One file, ${size}.`,
  progress: (rows: string) => `${rows} rows so far…`,
  done: (rows: string, size: string) => `${rows} rows, ${size}.`,
  cancelled: 'Cancelled; nothing was saved.',
  failed: (why: string) => `The export stopped: ${why}`,
};

const exportingEs: typeof exportingEn = {
  title: 'Exportar',
  what: 'Todo lo que cumple los filtros, no solo lo que está cargado.',
  whatCount: (count) => `${count} filas cumplen los filtros; se exportan todas.`,
  csv: 'CSV, para una hoja de cálculo',
  jsonl: 'JSON Lines, para un programa',
  parquet: (rows) => `Parquet, para DuckDB o pandas (las ${rows} más recientes)`,
  received: (size) => `${size} hasta ahora…`,
  file: (size) => `Un archivo, ${size}.`,
  progress: (rows) => `${rows} filas hasta ahora…`,
  done: (rows, size) => `${rows} filas, ${size}.`,
  cancelled: 'Cancelado; no se ha guardado nada.',
  failed: (why) => `La exportación se ha detenido: ${why}`,
};

export const tExporting = words(exportingEn, exportingEs);
