// The words of choosing rows and putting them into a queue.
import { words } from './language';

const toQueueEn = {
  choose: 'Queue',
  add: 'Add to a queue',
  added: (n: string, known: string) => `${n} added, ${known} already there.`,
  leftOut: (sampled: string, unnamed: string) => `${sampled} left out by the sample, ${unnamed} without an id.`,
  moreFit: 'More fit: the newest 5,000 were taken.',
  sample: 'Share that is taken, %',
  addOne: { trace: 'This trace', span: 'This span', session: 'This conversation' },
  addChosen: (n: string) => `The ${n} chosen`,
  addResult: 'Everything that fits, the newest 5,000 at most',
  open: 'Open it',
  keepOn: 'Also add what comes in from now on; a rule of the queue is replaced',
};

const toQueueEs: typeof toQueueEn = {
  choose: 'Cola',
  add: 'Añadir a una cola',
  added: (n, known) => `${n} añadidos, ${known} ya estaban.`,
  leftOut: (sampled, unnamed) => `${sampled} fuera de la muestra, ${unnamed} sin identificador.`,
  moreFit: 'Hay más que cumplen: se han tomado los 5000 más recientes.',
  sample: 'Parte que se toma, %',
  addOne: { trace: 'Esta traza', span: 'Este span', session: 'Esta conversación' },
  addChosen: (n) => `Los ${n} elegidos`,
  addResult: 'Todo lo que cumple los filtros, como mucho lo más reciente: 5000',
  open: 'Abrirla',
  keepOn: 'Añadir también lo que llegue desde ahora; sustituye a la regla de la cola',
};

export const tToQueue = words(toQueueEn, toQueueEs);

const pickEn = {
  chosen: (n: string) => `${n} chosen`, clear: 'Choose none', allShown: 'All that are shown',
  allMatching: (n: string | null) => (n === null ? 'All that match' : `All ${n} that match`), one: 'Choose this row',
  every: (n: string | null) => `${n === null ? 'All' : `All ${n}`} that match are chosen`, column: 'Chosen',
  exportCsv: 'As CSV', exportJsonl: 'As JSON Lines', bar: 'What to do with the chosen rows',
};

const pickEs: typeof pickEn = {
  chosen: (n) => `${n} elegidas`, clear: 'No elegir ninguna', allShown: 'Todas las que se ven',
  allMatching: (n) => (n === null ? 'Todas las que cumplen' : `Las ${n} que cumplen`), one: 'Elegir esta fila',
  every: (n) => (n === null ? 'Elegidas todas las que cumplen' : `Elegidas las ${n} que cumplen`), column: 'Elegida',
  exportCsv: 'Como CSV', exportJsonl: 'Como JSON Lines', bar: 'Qué hacer con las filas elegidas',
};

export const tPick = words(pickEn, pickEs);
