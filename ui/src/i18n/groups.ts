// The words of sessions and users.
import { plural, words } from './language';

interface Counted {
  count: number; shown: string; more: boolean; failed: number; failedShown: string;
}

const groupsEn = {
  last: 'Last active', said: 'First input, last output', sessions: 'Sessions', feedback: 'Feedback',
  good: 'good', bad: 'bad', otherFeedback: 'neither good nor bad',
  between: (first: string, last: string) => `${first} – ${last}`,
  failed: (count: number, shown: string) => plural(count, '1 failed', `${shown} failed`),
  addTraces: (n: string) => `The traces of the ${n} chosen`,
  session: {
    title: 'Sessions', one: 'Session', who: 'Session, user', traces: 'Turns', lasted: 'Lasted',
    sentence: (p: Counted) => p.count === 0 ? 'No session in this time range.'
      : `${p.more ? 'The first ' : ''}${p.shown} ${plural(p.count, 'session', 'sessions')}, ${
        p.failed === 0 ? 'in none of them did a turn fail'
          : `${p.failedShown} with a failed turn`}.`,
    what: 'A session is every call that carries the same session id: one conversation over many traces.',
    empty: 'No call in this time range carries a session id.',
    teach: 'Give your spans the id of the conversation, and its turns stand here in order:',
  },
  user: {
    title: 'Users', one: 'User', who: 'User, application', traces: 'Traces', lasted: 'Waited',
    sentence: (p: Counted) => p.count === 0 ? 'No user in this time range.'
      : `${p.more ? 'The first ' : ''}${p.shown} ${plural(p.count, 'user', 'users')}, ${
        p.failed === 0 ? 'none of them met a failure' : `${p.failedShown} met a failure`}.`,
    what: 'A user is whoever the tag user_id names; a span without it belongs to the user of its trace.',
    empty: 'No call in this time range names its user.',
    teach: 'Name who asks on the first span of a trace, and what they did stands here:',
  },
  person: {
    back: 'All users', show: 'What to show', none: 'Nothing of this user is stored in this time range.',
    calls: 'Model calls', waited: 'Time waited for', p95: '95 % took at most', first: 'First seen',
    verdict: (p: { sessions: number; sessionsShown: string; traces: number; tracesShown: string;
      failed: number; failedShown: string }) => `${p.tracesShown} ${
      plural(p.traces, 'trace', 'traces')} in ${p.sessionsShown} ${
      plural(p.sessions, 'session', 'sessions')}, ${
      p.failed === 0 ? 'none failed' : `${p.failedShown} failed`}.`,
    asList: 'These traces as a list',
    noSessions: 'None of their traces carries a session id.',
  },
};

const groupsEs: typeof groupsEn = {
  last: 'Última actividad', said: 'Primera entrada, última salida', sessions: 'Sesiones',
  feedback: 'Valoración', good: 'buenas', bad: 'malas', otherFeedback: 'ni buenas ni malas',
  between: (first, last) => `${first} – ${last}`,
  failed: (count, shown) => plural(count, '1 con fallo', `${shown} con fallo`),
  addTraces: (n) => `Las trazas de las ${n} filas elegidas`,
  session: {
    title: 'Sesiones', one: 'Sesión', who: 'Sesión, usuario', traces: 'Turnos', lasted: 'Duró',
    sentence: (p) => p.count === 0 ? 'Ninguna sesión en este periodo.'
      : `${p.more ? plural(p.count, 'La primera ', 'Las primeras ') : ''}${p.shown} ${
        plural(p.count, 'sesión', 'sesiones')}, ${
        p.failed === 0 ? 'sin ningún turno fallido'
          : `${p.failedShown} con algún turno fallido`}.`,
    what: 'Una sesión son todas las llamadas con el mismo id de sesión: una conversación a lo largo de varias trazas.',
    empty: 'Ninguna llamada de este periodo lleva un id de sesión.',
    teach: 'Pon en tus spans el id de la conversación y sus turnos aparecerán aquí, en orden:',
  },
  user: {
    title: 'Usuarios', one: 'Usuario', who: 'Usuario, aplicación', traces: 'Trazas', lasted: 'Esperó',
    sentence: (p) => p.count === 0 ? 'Ningún usuario en este periodo.'
      : `${p.more ? plural(p.count, 'El primer ', 'Los primeros ') : ''}${p.shown} ${
        plural(p.count, 'usuario', 'usuarios')}, ${
        p.failed === 0 ? 'ninguno se encontró con un fallo'
          : `${p.failedShown} con algún fallo`}.`,
    what: 'Un usuario es quien nombra la etiqueta user_id; un span sin ella es del usuario de su traza.',
    empty: 'Ninguna llamada de este periodo dice de qué usuario es.',
    teach: 'Di quién pregunta en el primer span de la traza y aquí verás lo que hizo:',
  },
  person: {
    back: 'Todos los usuarios', show: 'Qué mostrar',
    none: 'No hay nada guardado de este usuario en este periodo.',
    calls: 'Llamadas a modelos', waited: 'Tiempo de espera', p95: 'El 95 % tardó como mucho',
    first: 'Visto por primera vez',
    verdict: (p) => `${p.tracesShown} ${plural(p.traces, 'traza', 'trazas')} en ${
      p.sessionsShown} ${plural(p.sessions, 'sesión', 'sesiones')}, ${
      p.failed === 0 ? 'ninguna con fallo' : `${p.failedShown} con fallo`}.`,
    asList: 'Estas trazas como lista',
    noSessions: 'Ninguna de sus trazas lleva un id de sesión.',
  },
};

export const tGroups = words(groupsEn, groupsEs);

const sessionsEn = {
  back: 'All sessions',
  none: 'No trace of this session is stored in this time range.',
  verdict: (p: {
    turns: number; shown: string; failed: number; failedShown: string; lasted: string;
  }) => `${p.shown} ${plural(p.turns, 'turn', 'turns')} in ${p.lasted}, ${
    p.failed === 0 ? 'none failed' : `${p.failedShown} failed`}.`,
  waited: 'Time waited for',
  asList: 'These traces as a list',
  cut: (count: string) => `Only the first ${count} turns are shown.`,
  later: (pause: string) => `${pause} later`,
  whole: 'Whole turn',
  less: 'In short',
  trace: 'Open trace',
};

const sessionsEs: typeof sessionsEn = {
  back: 'Todas las sesiones',
  none: 'No hay guardada ninguna traza de esta sesión en este periodo.',
  verdict: (p) => `${p.shown} ${plural(p.turns, 'turno', 'turnos')} en ${p.lasted}, ${
    p.failed === 0 ? 'ninguno con fallo' : `${p.failedShown} con fallo`}.`,
  waited: 'Tiempo de espera',
  asList: 'Estas trazas como lista',
  cut: (count) => `Solo se muestran los primeros ${count} turnos.`,
  later: (pause) => `${pause} después`,
  whole: 'Turno completo',
  less: 'Resumido',
  trace: 'Abrir la traza',
};

export const tSessions = words(sessionsEn, sessionsEs);
