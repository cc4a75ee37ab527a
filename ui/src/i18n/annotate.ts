// The words of what people keep and judge, both languages side by side: a missing key does not
// compile.
import type { Widen } from './cost';

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const annotateEn = {
  undo: 'Undo',
  saved: {
    title: 'Saved views',
    empty: 'Keep the filters, columns and time range you see now under a name.',
    name: 'Name of this view',
    keep: 'Keep this view',
    by: (author: string) => `Kept by ${author}`,
    rename: (name: string) => `Rename the view ${name}`,
    remove: (name: string) => `Remove the view ${name}`,
    removed: (name: string) => `${name} was removed.`,
    local: (count: number) => `${count} ${plural(count, 'view is', 'views are')} in this browser only.`,
    move: 'Move to the server',
    where: 'Kept on the server: everybody who uses it sees them.',
    open: (name: string) => `Open the view ${name}`,
  },
  feedback: {
    title: 'Your feedback',
    up: 'Good', down: 'Bad',
    about: { span: 'this step', trace: 'the whole trace', session: 'this conversation' },
    target: 'About',
    more: 'Score, label or comment',
    name: 'Name', type: 'Kind', value: 'Value', comment: 'Comment',
    types: { score: 'Score', categorical: 'Label', text: 'Comment', boolean: 'Yes or no' },
    yes: 'True', no: 'False',
    save: 'Save',
    saved: 'Saved.',
    withdraw: 'Withdraw',
    withdrawn: 'withdrawn',
    by: (author: string) => `by ${author}`,
    unnamed: 'somebody',
    who: 'Your name',
    whoWhy: 'So that others see who judged. Kept in this browser.',
  },
};

export const annotateEs: Widen<typeof annotateEn> = {
  undo: 'Deshacer',
  saved: {
    title: 'Vistas guardadas',
    empty: 'Guarda con un nombre los filtros, las columnas y el periodo que ves ahora.',
    name: 'Nombre de esta vista',
    keep: 'Guardar esta vista',
    by: (author) => `La guardó ${author}`,
    rename: (name) => `Cambiar el nombre de la vista ${name}`,
    remove: (name) => `Borrar la vista ${name}`,
    removed: (name) => `Se ha borrado ${name}.`,
    local: (count) => `${count} ${plural(count, 'vista está', 'vistas están')} solo en este navegador.`,
    move: 'Pasar al servidor',
    where: 'Se guardan en el servidor: las ve cualquiera que lo use.',
    open: (name) => `Abrir la vista ${name}`,
  },
  feedback: {
    title: 'Tu valoración',
    up: 'Bien', down: 'Mal',
    about: { span: 'este paso', trace: 'la traza entera', session: 'esta conversación' },
    target: 'Sobre',
    more: 'Puntuación, etiqueta o comentario',
    name: 'Nombre', type: 'Tipo', value: 'Valor', comment: 'Comentario',
    types: { score: 'Puntuación', categorical: 'Etiqueta', text: 'Comentario', boolean: 'Sí o no' },
    yes: 'Verdadero', no: 'Falso',
    save: 'Guardar',
    saved: 'Guardado.',
    withdraw: 'Retirar',
    withdrawn: 'retirada',
    by: (author) => `de ${author}`,
    unnamed: 'alguien',
    who: 'Tu nombre',
    whoWhy: 'Para que los demás sepan quién valoró. Se guarda en este navegador.',
  },
};
