// The words of feedback and of evaluations people gave.
import { words } from './language';

const feedbackEn = {
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
  opinion: {
    about: (evaluator: string) => `Is ${evaluator} right?`,
    right: 'Right', wrong: 'Wrong',
    why: {
      right: 'The evaluator is right (y). Counts where evaluators are compared with people; press again to take it back.',
      wrong: 'The evaluator is wrong (n). Counts where evaluators are compared with people; press again to take it back.',
    },
  },
};

const feedbackEs: typeof feedbackEn = {
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
  opinion: {
    about: (evaluator) => `¿Acierta ${evaluator}?`,
    right: 'Acierta', wrong: 'Se equivoca',
    why: {
      right: 'El evaluador acierta (y). Cuenta donde se comparan los evaluadores con las personas; púlsalo otra vez para retirarlo.',
      wrong: 'El evaluador se equivoca (n). Cuenta donde se comparan los evaluadores con las personas; púlsalo otra vez para retirarlo.',
    },
  },
};

export const tFeedback = words(feedbackEn, feedbackEs);
