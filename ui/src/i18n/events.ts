// The words of events and service checks.
import { plural, words } from './language';

const en = {
  tones: { bad: 'errors', warn: 'warnings', good: 'successes', plain: 'others' },
  alertTypes: {
    error: 'error', warning: 'warning', success: 'success', info: 'information',
    user_update: 'news', recommendation: 'recommendation', snapshot: 'snapshot',
  },
  states: { ok: 'fine', warning: 'warning', critical: 'critical', unknown: 'unknown' },
  stream: (name: string, count: number) => `${name}: ${count} ${plural(count, 'event', 'events')}, the newest first`,
  timeline: (name: string, count: string) => `${name}: ${count} events over time`,
  bar: (time: string, what: string, count: string) => `${time}: ${what}, ${count}`,
  marks: (count: number) => `${count} ${plural(count, 'event', 'events')} in this time`,
  marksMore: (count: number) => `and ${count} more`,
  none: 'Nothing happened in this time.',
  noChecks: 'No service check was heard from in this time.',
  newest: (count: number) => `The newest ${count} are shown.`,
  shown: (count: number) => `The first ${count} are shown.`,
  check: 'Check',
  state: 'State',
  host: 'Host',
  tags: 'Tags',
  message: 'Message',
  heard: 'Last heard',
};

const es: typeof en = {
  tones: { bad: 'errores', warn: 'avisos', good: 'éxitos', plain: 'otros' },
  alertTypes: {
    error: 'error', warning: 'aviso', success: 'éxito', info: 'información',
    user_update: 'novedad', recommendation: 'recomendación', snapshot: 'instantánea',
  },
  states: { ok: 'bien', warning: 'aviso', critical: 'crítico', unknown: 'desconocido' },
  stream: (name, count) => `${name}: ${count} ${plural(count, 'evento', 'eventos')}, del más reciente al más antiguo`,
  timeline: (name, count) => `${name}: ${count} eventos en el tiempo`,
  bar: (time, what, count) => `${time}: ${what}, ${count}`,
  marks: (count) => `${count} ${plural(count, 'evento', 'eventos')} en este periodo`,
  marksMore: (count) => `y ${count} más`,
  none: 'No ocurrió nada en este periodo.',
  noChecks: 'En este periodo no se supo de ninguna comprobación de servicio.',
  newest: (count) => `Se muestran los ${count} más recientes.`,
  shown: (count) => `Se muestran las primeras ${count}.`,
  check: 'Comprobación',
  state: 'Estado',
  host: 'Host',
  tags: 'Etiquetas',
  message: 'Mensaje',
  heard: 'Última noticia',
};

export const tEvents = words(en, es);
