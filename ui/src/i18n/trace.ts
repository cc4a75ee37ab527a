// The words of the page of a trace.
import { plural, words } from './language';

const traceEn = {
  title: 'Trace',
  openFull: 'Open as a full page',
  backToList: 'Back to the list',
  duration: 'Duration',
  spans: 'Spans',
  llmCalls: 'LLM calls',
  errors: 'Failed spans',
  tokens: 'Tokens',
  cost: 'Cost',
  started: 'Started',
  services: 'Services',
  evaluations: 'Evaluations',
  unknownCost: 'Unknown: no priced token counts in this trace',
  shownOf: (shown: string, total: string) =>
    `Drawn from ${shown} of ${total} spans: failures, the slowest, and what is around them. The tree has all.`,
  tree: 'Spans of this trace, in order, with time drawn on each row',
  overview: 'The whole trace; click to go to a span',
  expandAll: 'Unfold all',
  collapseAll: 'Fold all',
  json: 'JSON',
  link: 'Link',
  orphan: 'Its parent is not here',
  self: (value: string) => `${value} in this span itself`,
  inside: (count: number) => plural(count, '1 span inside', `${count} spans inside`),
  notFound: 'No span of this trace is stored. It may be older than the retention time, or its spans have not arrived yet.',
  notes: {
    missing_parent: 'Some spans name a parent that is not here. They are shown at the top level.',
    cycle_in_parents: 'Some spans name each other as parents. The circle was opened at the earliest one.',
    clock_skew: 'The clocks of the machines disagree: some spans seem to start before their parent.',
  },
};

const traceEs: typeof traceEn = {
  title: 'Traza',
  openFull: 'Abrir a página completa',
  backToList: 'Volver a la lista',
  duration: 'Duración',
  spans: 'Spans',
  llmCalls: 'Llamadas LLM',
  errors: 'Spans con fallo',
  tokens: 'Tokens',
  cost: 'Coste',
  started: 'Comienzo',
  services: 'Servicios',
  evaluations: 'Evaluaciones',
  unknownCost: 'Desconocido: en esta traza no hay tokens con precio',
  shownOf: (shown, total) =>
    `Dibujado con ${shown} de ${total} spans: los fallos, el más lento y lo que hay a su alrededor. El árbol los tiene todos.`,
  tree: 'Spans de esta traza, en orden, con el tiempo dibujado en cada fila',
  overview: 'La traza entera; haz clic para ir a un span',
  expandAll: 'Desplegar todo',
  collapseAll: 'Plegar todo',
  json: 'JSON',
  link: 'Enlace',
  orphan: 'Su padre no está aquí',
  self: (value) => `${value} en este mismo span`,
  inside: (count) => plural(count, '1 span dentro', `${count} spans dentro`),
  notFound: 'No hay ningún span guardado de esta traza. Puede que haya superado el tiempo de retención o que aún no haya llegado.',
  notes: {
    missing_parent: 'Algunos spans nombran un padre que no está aquí; se muestran en el primer nivel.',
    cycle_in_parents: 'Algunos spans se nombran padres entre sí; el círculo se ha abierto por el primero.',
    clock_skew: 'Los relojes de las máquinas no coinciden: algunos spans parecen empezar antes que su padre.',
  },
};

export const tTrace = words(traceEn, traceEs);

const traceViewsEn = {
  label: 'How to look at this trace',
  tree: 'Tree',
  waterfall: 'Waterfall',
  messages: 'Messages',
  graph: 'Graph',
  hints: {
    tree: 'Spans in order, with the chosen one beside them',
    waterfall: 'Time over the whole width',
    messages: 'The whole trace read as a conversation',
    graph: 'Who called whom',
  },
};

const traceViewsEs: typeof traceViewsEn = {
  label: 'Cómo mirar esta traza',
  tree: 'Árbol',
  waterfall: 'Cascada',
  messages: 'Mensajes',
  graph: 'Grafo',
  hints: {
    tree: 'Los spans en orden, con el elegido al lado',
    waterfall: 'El tiempo a todo lo ancho',
    messages: 'La traza entera leída como una conversación',
    graph: 'Quién llamó a quién',
  },
};

export const tTraceViews = words(traceViewsEn, traceViewsEs);

const jumpEn = {
  label: 'Go to',
  error: 'Next failed span',
  slowest: 'Slowest span',
  cost: 'Most expensive',
  evaluation: 'Failed evaluation',
};

const jumpEs: typeof jumpEn = {
  label: 'Ir a',
  error: 'Siguiente fallo',
  slowest: 'El más lento',
  cost: 'La más cara',
  evaluation: 'Evaluación suspendida',
};

export const tJump = words(jumpEn, jumpEs);

const threadEn = {
  title: 'The whole trace as a conversation',
  empty: 'No span of this trace recorded a text.',
  repeated: (count: number, shown: string) =>
    plural(count, '1 earlier message, said again', `${shown} earlier messages, said again`),
  show: (name: string) => `Show span ${name}`,
  more: (left: string) => `Show more (${left} left)`,
  page: (from: string, to: string, total: string) => `Steps ${from} to ${to} of ${total}`,
  before: 'Earlier',
  after: 'Later',
};

const threadEs: typeof threadEn = {
  title: 'La traza entera como conversación',
  empty: 'Ningún span de esta traza registró texto.',
  repeated: (count, shown) =>
    plural(count, '1 mensaje anterior, repetido', `${shown} mensajes anteriores, repetidos`),
  show: (name) => `Mostrar el span ${name}`,
  more: (left) => `Mostrar más (quedan ${left})`,
  page: (from, to, total) => `Pasos ${from} a ${to} de ${total}`,
  before: 'Anteriores',
  after: 'Siguientes',
};

export const tThread = words(threadEn, threadEs);

const graphEn = {
  title: 'Who called whom',
  empty: 'This trace has no LLM spans to draw.',
  leftOut: (count: string) => `${count} spans lie deeper than what is drawn.`,
  tokens: (count: string) => `${count} tok`,
  failed: (count: string) => `${count} failed`,
  box: (p: { kind: string; name: string; count: number; failed: number; figures: string }) =>
    `${p.kind} ${p.name}${p.count > 1 ? `, ${p.count} times` : ''}${
      p.failed > 0 ? `, ${p.failed} failed` : ''}, ${p.figures}`,
};

const graphEs: typeof graphEn = {
  title: 'Quién llamó a quién',
  empty: 'Esta traza no tiene spans LLM que dibujar.',
  leftOut: (count) => `${count} spans quedan a más profundidad de la que se dibuja.`,
  tokens: (count) => `${count} tokens`,
  failed: (count) => `${count} con fallo`,
  box: (p) => `${p.kind} ${p.name}${p.count > 1 ? `, ${p.count} veces` : ''}${
    p.failed > 0 ? `, ${p.failed} con fallo` : ''}, ${p.figures}`,
};

export const tGraph = words(graphEn, graphEs);
