// The words that say why a trace is as it is.
import { plural, words } from './language';

// «de el agente» se contrae.
const of = (where: string) => (where.startsWith('el ') ? `d${where}` : `de ${where}`);

const kindsEn = {
  llm: 'LLM call',
  workflow: 'workflow',
  agent: 'agent',
  tool: 'tool',
  task: 'task',
  embedding: 'embedding',
  retrieval: 'retrieval',
  experiment: 'experiment',
  apm: 'APM span',
};

const kindsEs: typeof kindsEn = {
  llm: 'llamada LLM',
  workflow: 'flujo',
  agent: 'agente',
  tool: 'herramienta',
  task: 'tarea',
  embedding: 'embedding',
  retrieval: 'recuperación',
  experiment: 'experimento',
  apm: 'span APM',
};

export const tKinds = words(kindsEn, kindsEs);

const verdictEn = {
  reasons: {
    rate_limit: 'rate limit',
    content_filter: 'stopped by the Azure content filter',
    authentication: 'key or permission refused',
    not_found: 'deployment or resource not found',
    timeout: 'timed out',
    connection: 'could not connect',
    bad_request: 'request refused as invalid',
    server_error: 'error at the model’s service',
    context_length: 'prompt longer than the model accepts',
    other: 'error',
  },
  // How a span of each kind is named within a sentence.
  the: {
    llm: 'the LLM call',
    workflow: 'the workflow',
    agent: 'the agent',
    tool: 'the tool',
    task: 'the task',
    embedding: 'the embedding',
    retrieval: 'the retrieval',
    experiment: 'the experiment',
    apm: 'the APM span',
  },
  failed: (p: {
    status: string; reason: string; attempts: number; target: string; type: string;
    where: string;
  }) => {
    const what = [p.status, p.reason].filter(Boolean).join(' ');
    const tries = p.attempts > 1 ? ` after ${p.attempts} attempts` : '';
    const on = p.target ? ` on deployment ${p.target}` : p.where ? ` in ${p.where}` : '';
    return `Failed: ${what}${tries}${on}${p.type ? ` (${p.type})` : ''}.`;
  },
  failedInside: (p: { status: string; reason: string; where: string; type: string }) =>
    `Finished, but ${p.where} failed inside: ${[p.status, p.reason].filter(Boolean).join(' ')}${
      p.type ? ` (${p.type})` : ''}.`,
  others: (count: number) =>
    plural(count, 'One other span failed too.', `${count} other spans failed too.`),
  retryCost: (p: { lost: string; share: string }) =>
    `The retries took ${p.lost}, ${p.share} of the total.`,
  retried: (p: {
    retries: number; reason: string; target: string; lost: string; share: string;
  }) =>
    `Answered, but only after ${p.retries} ${plural(p.retries, 'retry', 'retries')} (${p.reason})${
      p.target ? ` on deployment ${p.target}` : ''}; ${p.lost} of waiting, ${p.share} of the total.`,
  filtered: (where: string) => `Finished, but the content filter stopped the answer of ${where}.`,
  cutShort: (where: string) => `Finished, but the answer of ${where} was cut at its token limit.`,
  fine: (duration: string) => `Succeeded in ${duration}.`,
  slow: (p: { share: string; where: string }) => `${p.share} of the time went to ${p.where}.`,
};

const verdictEs: typeof verdictEn = {
  reasons: {
    rate_limit: 'límite de peticiones',
    content_filter: 'detenida por el filtro de contenido de Azure',
    authentication: 'clave o permiso denegados',
    not_found: 'la implementación o el recurso no existe',
    timeout: 'tiempo de espera agotado',
    connection: 'no se pudo conectar',
    bad_request: 'petición no válida',
    server_error: 'error en el servicio del modelo',
    context_length: 'el texto supera lo que admite el modelo',
    other: 'error',
  },
  the: {
    llm: 'la llamada LLM',
    workflow: 'el flujo',
    agent: 'el agente',
    tool: 'la herramienta',
    task: 'la tarea',
    embedding: 'el embedding',
    retrieval: 'la recuperación',
    experiment: 'el experimento',
    apm: 'el span APM',
  },
  failed: (p) => {
    const what = [p.status, p.reason].filter(Boolean).join(', ');
    const tries = p.attempts > 1 ? ` tras ${p.attempts} intentos` : '';
    const on = p.target ? ` en la implementación ${p.target}` : p.where ? ` en ${p.where}` : '';
    return `Ha fallado: ${what}${tries}${on}${p.type ? ` (${p.type})` : ''}.`;
  },
  failedInside: (p) =>
    `Ha terminado, pero dentro falló ${p.where}: ${[p.status, p.reason].filter(Boolean).join(', ')}${
      p.type ? ` (${p.type})` : ''}.`,
  others: (count) =>
    plural(count, 'También falló otro span.', `También fallaron otros ${count} spans.`),
  retryCost: (p) => `Los reintentos costaron ${p.lost}, el ${p.share} del total.`,
  retried: (p) =>
    `Ha respondido, pero tras ${p.retries} ${plural(p.retries, 'reintento', 'reintentos')} (${
      p.reason})${p.target ? ` en la implementación ${p.target}` : ''}: ${
      p.lost} de espera, el ${p.share} del total.`,
  filtered: (where) =>
    `Ha terminado, pero el filtro de contenido detuvo la respuesta ${of(where)}.`,
  cutShort: (where) =>
    `Ha terminado, pero la respuesta ${of(where)} se cortó al llegar a su límite de tokens.`,
  fine: (duration) => `Ha terminado bien en ${duration}.`,
  slow: (p) => `El ${p.share} del tiempo se fue en ${p.where}.`,
};

export const tVerdict = words(verdictEn, verdictEs);

export type KindWords = ReturnType<typeof tKinds>;
export type VerdictWords = ReturnType<typeof tVerdict>;
