// The words of the page of topics.
import { plural, words } from './language';

const patternsEn = {
  title: 'Patterns',
  sentence: (topics: number, largest: string, share: string) =>
    `${topics} ${plural(topics, 'topic', 'topics')}; the largest is “${largest}”, ${share} of calls.`,
  none: 'The inputs of this time have nothing in common that makes a topic.',
  looked: (looked: string, calls: string) =>
    `${looked} of ${calls} model calls were looked at, picked evenly; shares and figures are theirs.`,
  lookedAll: (calls: string) => `All ${calls} model calls of this time were looked at.`,
  withoutText: (count: string) => `${count} had no text as input and are in no topic.`,
  byWords: 'By the words of the last user message.',
  byModel: 'By the embedding deployment that is configured, named by words.',
  embeddingProblem: (why: string) => `The embedding deployment did not answer, so words were used: ${why}`,
  sort: 'Sort by',
  sorts: {
    share: 'share', growth: 'growth', cost: 'cost', errors: 'errors', slow: 'slowness',
    judged: 'evaluations failing',
  },
  trends: { appeared: 'new', grown: 'more than before', shrunk: 'less than before' },
  share: 'Share',
  others: 'Fits no topic',
  othersHint: 'Inputs that are unlike all topics, the strangest first.',
  unnamed: 'Without a name',
  examples: 'Examples',
  times: (count: string) => `${count} of the same words`,
  failed: 'failed',
  open: (count: string) => plural(Number(count), 'Open its call in the explorer', `Open its ${count} calls in the explorer`),
  openSome: (shown: string, count: string) => `Open ${shown} of its ${count} calls in the explorer`,
  working: 'Reading the inputs and putting them in order…',
  empty: 'No model was called in this time',
  emptyHint: 'Choose a longer time above, or connect an application:',
};

const patternsEs: typeof patternsEn = {
  title: 'Temas',
  sentence: (topics, largest, share) =>
    `${topics} ${plural(topics, 'tema', 'temas')}; el mayor es «${largest}», con el ${share} de las llamadas.`,
  none: 'Las entradas de este tiempo no tienen nada en común que forme un tema.',
  looked: (looked, calls) =>
    `Se han mirado ${looked} de ${calls} llamadas a modelos, elegidas por igual; de ellas son los porcentajes y las cifras.`,
  lookedAll: (calls) => `Se han mirado todas las llamadas a modelos de este tiempo: ${calls}.`,
  withoutText: (count) => `${count} no traían texto y no están en ningún tema.`,
  byWords: 'Según las palabras del último mensaje del usuario.',
  byModel: 'Según la implementación de embeddings configurada; los nombres salen de las palabras.',
  embeddingProblem: (why) =>
    `La implementación de embeddings no respondió y se usaron las palabras: ${why}`,
  sort: 'Ordenar por',
  sorts: {
    share: 'porcentaje', growth: 'crecimiento', cost: 'coste', errors: 'errores', slow: 'lentitud',
    judged: 'evaluaciones fallidas',
  },
  trends: { appeared: 'nuevo', grown: 'más que antes', shrunk: 'menos que antes' },
  share: 'Porcentaje',
  others: 'No encaja en ningún tema',
  othersHint: 'Entradas que no se parecen a ningún tema; primero, las más raras.',
  unnamed: 'Sin nombre',
  examples: 'Ejemplos',
  times: (count) => `${count} con las mismas palabras`,
  failed: 'fallida',
  open: (count) => plural(Number(count), 'Abrir su llamada en el explorador', `Abrir sus ${count} llamadas en el explorador`),
  openSome: (shown, count) => `Abrir ${shown} de sus ${count} llamadas en el explorador`,
  working: 'Leyendo las entradas y agrupándolas…',
  empty: 'En este tiempo no se llamó a ningún modelo',
  emptyHint: 'Elige arriba un tiempo más largo o conecta una aplicación:',
};

export const tPatterns = words(patternsEn, patternsEs);
