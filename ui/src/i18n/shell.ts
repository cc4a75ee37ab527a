// The words of the frame around every page.
import { words } from './language';

const navEn = {
  label: 'Main',
  home: 'Home',
  dashboards: 'Dashboards',
  monitors: 'Monitors',
  traces: 'Traces',
  sessions: 'Sessions',
  users: 'Users',
  patterns: 'Patterns',
  datasets: 'Datasets',
  experiments: 'Experiments',
  prompts: 'Prompts',
  playground: 'Playground',
  queues: 'Queues',
  costs: 'Costs',
  evaluations: 'Evaluations',
  judges: 'Judges',
  redaction: 'Redaction',
  azure: 'Azure',
  loss: 'Loss ledger',
  connect: 'Connect',
  skip: 'Skip to content',
  language: 'Language',
  theme: 'Theme',
  themeSystem: 'System',
  themeDark: 'Dark',
  themeLight: 'Light',
  keys: 'Keyboard shortcuts',
  server: 'Server',
};

const navEs: typeof navEn = {
  label: 'Principal',
  home: 'Inicio',
  dashboards: 'Paneles',
  monitors: 'Monitores',
  traces: 'Trazas',
  sessions: 'Sesiones',
  users: 'Usuarios',
  patterns: 'Temas',
  datasets: 'Conjuntos',
  experiments: 'Experimentos',
  prompts: 'Prompts',
  playground: 'Pruebas',
  queues: 'Colas',
  costs: 'Costes',
  evaluations: 'Evaluaciones',
  judges: 'Jueces',
  redaction: 'Datos ocultos',
  azure: 'Azure',
  loss: 'Libro de pérdidas',
  connect: 'Conectar',
  skip: 'Ir al contenido',
  language: 'Idioma',
  theme: 'Tema',
  themeSystem: 'Del sistema',
  themeDark: 'Oscuro',
  themeLight: 'Claro',
  keys: 'Atajos de teclado',
  server: 'Servidor',
};

export const tNav = words(navEn, navEs);

const commonEn = {
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  copyWhat: (what: string) => `Copy ${what}`,
  cancel: 'Cancel',
  undo: 'Undo',
  connect: 'connect an application',
  retry: 'Try again',
  unknown: 'unknown',
  loading: 'Loading…',
  all: 'All',
  none: 'None',
  more: 'more',
  apply: 'Apply',
  filterTo: (what: string) => `Show only ${what}`,
  notFound: 'There is no page at this address.',
  toTraces: 'Go to traces',
};

const commonEs: typeof commonEn = {
  close: 'Cerrar',
  copy: 'Copiar',
  copied: 'Copiado',
  copyWhat: (what) => `Copiar ${what}`,
  cancel: 'Cancelar',
  undo: 'Deshacer',
  connect: 'conecta una aplicación',
  retry: 'Reintentar',
  unknown: 'desconocido',
  loading: 'Cargando…',
  all: 'Todo',
  none: 'Nada',
  more: 'más',
  apply: 'Aplicar',
  filterTo: (what) => `Ver solo ${what}`,
  notFound: 'No hay ninguna página en esta dirección.',
  toTraces: 'Ir a las trazas',
};

export const tCommon = words(commonEn, commonEs);

const problemEn = {
  title: 'This could not be loaded',
  unreachable: 'The server does not answer. Check that catalejo is running; this page tries again when you ask it to.',
  unauthorized: 'This server wants a key.',
  server: (status: number) => `The server answered with status ${status}.`,
};

const problemEs: typeof problemEn = {
  title: 'No se ha podido cargar',
  unreachable: 'El servidor no responde. Comprueba que catalejo está en marcha y vuelve a intentarlo.',
  unauthorized: 'Este servidor pide una clave.',
  server: (status) => `El servidor ha respondido con el estado ${status}.`,
};

export const tProblem = words(problemEn, problemEs);

const keyEn = {
  title: 'This server wants a key',
  why: 'A key has been created, so reading needs one too. It is kept for this browser tab only.',
  label: 'Key',
  make: 'Make one on the server with',
  use: 'Use this key',
};

const keyEs: typeof keyEn = {
  title: 'Este servidor pide una clave',
  why: 'Hay claves creadas, así que también hace falta una para leer. Se guarda solo en esta pestaña.',
  label: 'Clave',
  make: 'Crea una en el servidor con',
  use: 'Usar esta clave',
};

export const tKey = words(keyEn, keyEs);

const paletteEn = {
  open: 'Go to…',
  title: 'Command palette',
  placeholder: 'A page, a value to filter by, a trace id…',
  goTo: (page: string) => `Go to ${page}`,
  openTrace: (id: string) => `Open trace ${id}`,
  searchFor: (text: string) => `Search for “${text}” in inputs and outputs`,
  failed: 'Show only what failed',
  downtimes: 'Go to Downtimes of monitors',
};

const paletteEs: typeof paletteEn = {
  open: 'Ir a…',
  title: 'Paleta de órdenes',
  placeholder: 'Una página, un valor por el que filtrar, el id de una traza…',
  goTo: (page) => `Ir a ${page}`,
  openTrace: (id) => `Abrir la traza ${id}`,
  searchFor: (text) => `Buscar «${text}» en entradas y salidas`,
  failed: 'Ver solo lo que ha fallado',
  downtimes: 'Ir a Silencios de monitores',
};

export const tPalette = words(paletteEn, paletteEs);
