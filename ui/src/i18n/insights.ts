// The words of the home page.
import type { Metric } from '../api/insights';
import { plural, words } from './language';

interface Told { what: string; where: string; before: string; now: string }

const saidEn: Record<Metric, (told: Told, worse: boolean) => string> = {
  latency: (p, worse) =>
    `${p.where} got ${worse ? 'slower' : 'faster'}: ${p.what} went from ${p.before} to ${p.now}`,
  errors: (p, worse) =>
    `${p.where} fails ${worse ? 'more' : 'less'} often: ${p.now} of calls, ${p.before} before`,
  tokens: (p, worse) =>
    `${p.where} uses ${worse ? 'more' : 'fewer'} tokens: ${p.now} a call, ${p.before} before`,
  cost: (p, worse) =>
    `${p.where} got ${worse ? 'dearer' : 'cheaper'}: ${p.now} a call, ${p.before} before`,
  evaluations: (p, worse) =>
    `${p.what} fails ${worse ? 'more' : 'less'} often for ${p.where}: ${p.now}, ${p.before} before`,
  appeared: (p) => `${p.where} is new: ${p.now} calls`,
  gone: (p) => `${p.where} is no longer called: ${p.before} calls before`,
};

const saidEs: typeof saidEn = {
  latency: (p, worse) =>
    `${p.where} va más ${worse ? 'lento' : 'rápido'}: ${p.what} pasó de ${p.before} a ${p.now}`,
  errors: (p, worse) =>
    `${p.where} falla ${worse ? 'más' : 'menos'}: el ${p.now} de las llamadas, antes el ${p.before}`,
  tokens: (p, worse) =>
    `${p.where} gasta ${worse ? 'más' : 'menos'} tokens: ${p.now} por llamada, antes ${p.before}`,
  cost: (p, worse) =>
    `${p.where} sale más ${worse ? 'caro' : 'barato'}: ${p.now} por llamada, antes ${p.before}`,
  evaluations: (p, worse) =>
    `${p.what} sale mal ${worse ? 'más' : 'menos'} a menudo en ${p.where}: el ${p.now}, antes el ${p.before}`,
  appeared: (p) => `${p.where} es nuevo: ${p.now} llamadas`,
  gone: (p) => `A ${p.where} ya no se le llama: antes, ${p.before} llamadas`,
};

const insightsEn = {
  title: 'Home',
  against: 'Compared with',
  periods: { before: 'the period before', day: 'the day before', week: 'the week before' },
  figures: {
    calls: 'Model calls', p50: 'Median', p95: 'p95', errors: 'Failed', tokens: 'Tokens',
    tokensPerCall: 'Tokens a call', cost: 'Cost', costPerCall: 'Cost a call',
    judged: 'Evaluations failing',
  },
  changes: 'What changed',
  quiet: (calls: string) =>
    `Nothing changed that is more than noise, in ${calls} model calls.`,
  noBefore: 'There are too few calls in the period to compare with; choose another one.',
  some: (count: number, worse: number) =>
    `${count} ${plural(count, 'change', 'changes')} beyond noise, ${worse} for the worse.`,
  said: saidEn as unknown as Record<Metric, (told: Told, worse: boolean) => string>,
  retried: (p: { now: string; before: string; wait: string; limited: boolean }) =>
    `${p.now} of its calls were ${p.limited ? 'refused with 429 (rate limit) and ' : ''}tried again, ${p.before} before; each waited ${p.wait} for it.`,
  showRetried: 'Show them',
  inApp: (what: string, app: string) => `${what} in ${app}`,
  withModel: (what: string, model: string) => `${what} (${model})`,
  allCalls: 'All calls',
  median: 'the median',
  show: 'Show the calls',
  calls: (now: string, before: string) => `${now} calls, ${before} before`,
  errors: 'Errors', noErrors: 'No call failed in either period.', isNew: 'new',
  error: 'Error', now: 'Now', before: 'Before', first: 'First seen', last: 'Last seen',
  incomplete: 'There are more kinds of error than are shown.',
  place: (place: string) => `in ${place}`,
  outliers: 'Outliers', noOutliers: 'No call took far longer than is usual for its kind.',
  outlier: (took: string, usual: string) => `${took}, usually ${usual}`,
  alike: (count: string) => `${count} like it`,
  compare: 'Side by side',
  dimensions: {
    ml_app: 'Applications', model: 'Models', deployment: 'Deployments', prompt: 'Prompt versions',
  },
  nothing: 'Nothing of this kind was called.',
  nothingPrompt: 'No call said which prompt version it was made from. LLMObs.annotate(prompt=…) says it.',
  emptyTitle: 'No model was called in this time',
  emptyHint: 'Choose a longer time above, or connect an application:',
  connect: 'Connect',
  explore: 'Explore the traces',
};

const insightsEs: typeof insightsEn = {
  title: 'Inicio',
  against: 'Comparado con',
  periods: { before: 'el periodo anterior', day: 'el día anterior', week: 'la semana anterior' },
  figures: {
    calls: 'Llamadas a modelos', p50: 'Mediana', p95: 'p95', errors: 'Fallidas', tokens: 'Tokens',
    tokensPerCall: 'Tokens por llamada', cost: 'Coste', costPerCall: 'Coste por llamada',
    judged: 'Evaluaciones fallidas',
  },
  changes: 'Qué ha cambiado',
  quiet: (calls) => `Ningún cambio que sea más que ruido, en ${calls} llamadas a modelos.`,
  noBefore: 'En el periodo con el que se compara hay muy pocas llamadas; elige otro.',
  some: (count, worse) =>
    `${count} ${plural(count, 'cambio', 'cambios')} que no ${plural(count, 'es', 'son')} ruido, ${worse} a peor.`,
  said: saidEs as unknown as Record<Metric, (told: Told, worse: boolean) => string>,
  retried: (p) =>
    `El ${p.now} de sus llamadas ${p.limited ? 'se rechazó con un 429 (límite de peticiones) y se reintentó' : 'se reintentó'}, antes el ${p.before}; cada una esperó ${p.wait} por ello.`,
  showRetried: 'Ver esas llamadas',
  inApp: (what, app) => `${what} en ${app}`,
  withModel: (what, model) => `${what} (${model})`,
  allCalls: 'Todas las llamadas',
  median: 'la mediana',
  show: 'Ver las llamadas',
  calls: (now, before) => `${now} llamadas, antes ${before}`,
  errors: 'Errores', noErrors: 'No falló ninguna llamada en ninguno de los dos periodos.',
  isNew: 'nuevo',
  error: 'Error', now: 'Ahora', before: 'Antes', first: 'Visto desde', last: 'Última vez',
  incomplete: 'Hay más clases de error de las que se muestran.',
  place: (place) => `en ${place}`,
  outliers: 'Casos extremos', noOutliers: 'Ninguna llamada tardó mucho más de lo habitual en su clase.',
  outlier: (took, usual) => `${took}; lo habitual son ${usual}`,
  alike: (count) => `${count} parecidas`,
  compare: 'Frente a frente',
  dimensions: {
    ml_app: 'Aplicaciones', model: 'Modelos', deployment: 'Implementaciones',
    prompt: 'Versiones de prompt',
  },
  nothing: 'No se llamó a nada de esta clase.',
  nothingPrompt: 'Ninguna llamada dijo de qué versión de prompt salió. Se indica con LLMObs.annotate(prompt=…).',
  emptyTitle: 'En este tiempo no se llamó a ningún modelo',
  emptyHint: 'Elige arriba un tiempo más largo o conecta una aplicación:',
  connect: 'Conectar',
  explore: 'Explorar las trazas',
};

export const tInsights = words(insightsEn, insightsEs);

export type InsightsWords = ReturnType<typeof tInsights>;
