// The words about experiments and prompts, both languages side by side: a missing key does not
// compile. Loaded with the pages that say them.
import { language } from './index';

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

const experimentsEn = {
  title: 'Experiments',
  intro: 'A task of yours, run on every record of a dataset and scored by your evaluators. Run one with LLMObs.experiment, and compare it here.',
  none: 'No experiment was run yet. Begin with a dataset:',
  name: 'Name', dataset: 'Dataset', state: 'State', rows: 'Rows', scores: 'Scores', when: 'When',
  remove: 'Remove', removed: (name: string) => `${name} was removed.`,
  version: (version: number) => `version ${version}`,
  states: { running: 'running', completed: 'done', failed: 'done, with errors', interrupted: 'interrupted' } as Record<string, string>,
  unknownState: 'not told',
  errors: (count: number, text: string) => `${text} ${plural(count, 'error', 'errors')}`,
  ran: (rows: string, took: string) => `${rows} rows, ${took} each`,
  missing: 'There is no such experiment.',
  baseline: 'Compare with', noBaseline: 'nothing',
  sentence: (better: string, worse: string, same: string) => `Against the baseline ${better} got better, ${worse} got worse, ${same} stayed the same.`,
  mixed: (count: string) => `${count} got better in one score and worse in another.`,
  only: (count: string) => `${count} ran in one of the two only.`,
  otherVersion: 'The two ran on different versions of the dataset.',
  lower: 'Less is better', lowerHint: 'Mark the scores of which a lower one is better.',
  input: 'Input', output: 'Output', expected: 'Expected', change: 'Change', before: 'Baseline',
  turns: { better: 'better', worse: 'worse', same: 'same', mixed: 'mixed', only: 'only here or there' } as Record<string, string>,
  yes: 'yes', no: 'no', evaluatorFailed: 'evaluator failed', taskFailed: 'failed',
  open: 'Whole row', close: 'Close', trace: 'Trace', why: 'Reasons', metadata: 'Metadata', config: 'Configuration',
  summary: 'Summary', mean: 'Mean', counted: 'Scored', failed: 'Failed', passed: (passed: string, all: string) => `${passed} of ${all} passed`,
  cut: 'Only the first 5,000 rows are shown.',
  show: 'Show', all: 'all rows', changedOnly: 'changed rows',
  parent: 'Scores again the outputs of', error: 'What went wrong',
};

const experimentsEs: typeof experimentsEn = {
  title: 'Experimentos',
  intro: 'Una tarea suya, ejecutada con cada registro de un conjunto de datos y puntuada por sus evaluadores. Ejecútela con LLMObs.experiment y compárela aquí.',
  none: 'Todavía no se ha ejecutado ningún experimento. Empiece por un conjunto de datos:',
  name: 'Nombre', dataset: 'Conjunto de datos', state: 'Estado', rows: 'Filas', scores: 'Puntuaciones', when: 'Fecha',
  remove: 'Quitar', removed: (name: string) => `${name} se ha quitado.`,
  version: (version: number) => `versión ${version}`,
  states: { running: 'en curso', completed: 'terminado', failed: 'terminado, con errores', interrupted: 'interrumpido' },
  unknownState: 'no consta',
  errors: (count: number, text: string) => `${text} ${plural(count, 'error', 'errores')}`,
  ran: (rows: string, took: string) => `${rows} filas, ${took} cada una`,
  missing: 'No existe ese experimento.',
  baseline: 'Comparar con', noBaseline: 'ninguno',
  sentence: (better: string, worse: string, same: string) => `Frente a la referencia: mejores, ${better}; peores, ${worse}; iguales, ${same}.`,
  mixed: (count: string) => `Mejores en una puntuación y peores en otra: ${count}.`,
  only: (count: string) => `En uno solo de los dos: ${count}.`,
  otherVersion: 'Los dos se ejecutaron con versiones distintas del conjunto de datos.',
  lower: 'Menos es mejor', lowerHint: 'Marque las puntuaciones en las que un valor menor es mejor.',
  input: 'Entrada', output: 'Salida', expected: 'Esperado', change: 'Cambio', before: 'Referencia',
  turns: { better: 'mejor', worse: 'peor', same: 'igual', mixed: 'desigual', only: 'solo en uno' },
  yes: 'sí', no: 'no', evaluatorFailed: 'falló el evaluador', taskFailed: 'falló',
  open: 'Fila completa', close: 'Cerrar', trace: 'Traza', why: 'Motivos', metadata: 'Metadatos', config: 'Configuración',
  summary: 'Resumen', mean: 'Media', counted: 'Puntuadas', failed: 'Fallidas', passed: (passed: string, all: string) => `${passed} de ${all} superadas`,
  cut: 'Solo se muestran las primeras 5000 filas.',
  show: 'Mostrar', all: 'todas las filas', changedOnly: 'las filas que cambiaron',
  parent: 'Vuelve a puntuar las salidas de', error: 'Qué falló',
};

const promptsEn = {
  title: 'Prompts',
  intro: 'What your applications ask models with, in versions. A label says which version is deployed where; get_prompt reads it.',
  none: 'There is no prompt yet.',
  id: 'Name', titleField: 'Title', description: 'Description', versions: 'Versions', labels: 'Labels', changed: 'Last version',
  make: 'Make a prompt', template: 'Template', templateHint: 'A text, or the messages of a chat as a JSON array. {{name}} is filled in by format().',
  version: (version: number) => `Version ${version}`, newest: 'newest',
  remove: 'Remove', reallyRemove: 'Remove with all versions?', removedLabel: (label: string) => `Remove label ${label}`,
  addLabel: 'Label', put: 'Put', by: (author: string) => `by ${author}`,
  newVersion: 'New version', what: 'What changed', userVersion: 'Your name of it', save: 'Save version',
  compare: 'Compare with', nothing: 'nothing', use: 'Use it', missing: 'There is no such prompt.',
  badChat: 'A JSON array must be messages, each with role and content.',
  moved: (label: string, version: number) => `${label} is on version ${version}.`,
};

const promptsEs: typeof promptsEn = {
  title: 'Prompts',
  intro: 'Los textos con que sus aplicaciones preguntan a los modelos, por versiones. Una etiqueta dice qué versión está desplegada y dónde; get_prompt la lee.',
  none: 'Todavía no hay ningún prompt.',
  id: 'Nombre', titleField: 'Título', description: 'Descripción', versions: 'Versiones', labels: 'Etiquetas', changed: 'Última versión',
  make: 'Crear un prompt', template: 'Plantilla', templateHint: 'Un texto, o los mensajes de un chat como lista JSON. format() rellena {{nombre}}.',
  version: (version: number) => `Versión ${version}`, newest: 'la más reciente',
  remove: 'Quitar', reallyRemove: '¿Quitar con todas las versiones?', removedLabel: (label: string) => `Quitar la etiqueta ${label}`,
  addLabel: 'Etiqueta', put: 'Poner', by: (author: string) => `de ${author}`,
  newVersion: 'Versión nueva', what: 'Qué cambia', userVersion: 'Nombre propio', save: 'Guardar versión',
  compare: 'Comparar con', nothing: 'ninguna', use: 'Cómo usarlo', missing: 'No existe ese prompt.',
  badChat: 'Una lista JSON debe contener mensajes, cada uno con role y content.',
  moved: (label: string, version: number) => `${label} está en la versión ${version}.`,
};

export const tExperiments = (): typeof experimentsEn =>
  (language() === 'es' ? experimentsEs : experimentsEn);
export const tPrompts = (): typeof promptsEn => (language() === 'es' ? promptsEs : promptsEn);
