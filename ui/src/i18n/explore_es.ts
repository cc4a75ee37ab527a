// Español del explorador: paleta, teclas, vistas de una traza, sesiones. Parte de es.ts.
import type { Messages } from './en';
import type { exploreEn } from './explore_en';

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const exploreEs: Pick<Messages, keyof typeof exploreEn> = {
  palette: {
    open: 'Ir a…',
    title: 'Paleta de órdenes',
    placeholder: 'Una página, un valor por el que filtrar, el id de una traza…',
    goTo: (page) => `Ir a ${page}`,
    openTrace: (id) => `Abrir la traza ${id}`,
    searchFor: (text) => `Buscar «${text}» en entradas y salidas`,
    failed: 'Ver solo lo que ha fallado',
  },
  keys: {
    title: 'Teclado',
    groups: { everywhere: 'En cualquier página', list: 'En una lista', trace: 'En una traza', review: 'En una revisión' },
    note: 'Mientras escribes, los atajos no actúan.',
    rows: {
      palette: 'paleta de órdenes',
      search: 'buscar',
      goTraces: 'ir a las trazas',
      goSessions: 'ir a las sesiones',
      goQueues: 'ir a las colas de anotación',
      choose: 'elegir la fila',
      reach: 'elegir hasta la fila',
      label: 'elegir una respuesta',
      labels: 'de etiqueta en etiqueta',
      submit: 'enviar y seguir',
      nextItem: 'elemento siguiente',
      previousItem: 'elemento anterior',
      skip: 'saltar',
      undo: 'deshacer',
      goLoss: 'ir al libro de pérdidas',
      goConnect: 'ir a conectar',
      move: 'fila siguiente, anterior',
      ends: 'primera y última fila cargada',
      open: 'abrir la fila',
      close: 'cerrar lo que esté abierto',
      news: 'mostrar las llamadas nuevas',
      live: 'en vivo sí o no',
      sort: 'ordenar por otra columna, invertir',
      siblings: 'traza anterior, siguiente de la lista',
      views: 'árbol, cascada, mensajes, grafo',
      spans: 'span siguiente, anterior, primero, último',
      fold: 'desplegar, plegar, ir al padre',
      error: 'siguiente fallo',
      slowest: 'span más lento',
      cost: 'la llamada más cara',
      evaluation: 'siguiente evaluación suspendida',
      full: 'página completa o panel',
      help: 'esta ayuda',
    },
  },
  explore: {
    livePaused: 'En vivo, en pausa',
  },
  columns: {
    title: 'Columnas',
    shown: 'A la vista, en este orden',
    hidden: 'Ocultas',
    reset: 'Volver a las columnas de siempre',
    earlier: (column) => `Adelantar ${column}`,
    later: (column) => `Retrasar ${column}`,
    sortBy: (column) => `Ordenar por ${column}; pulsa otra vez para invertir el orden`,
    names: {
      name: 'Nombre', deployment: 'Implementación', service: 'Servicio', ml_app: 'Aplicación',
      env: 'Entorno', session: 'Sesión', user: 'Usuario', spans: 'N.º de spans',
      llm_calls: 'Llamadas', provider: 'Proveedor', error_type: 'Tipo de error',
    },
  },
  exporting: {
    title: 'Exportar',
    what: 'Todo lo que cumple los filtros, no solo lo que está cargado.',
    whatCount: (count) => `${count} filas cumplen los filtros; se exportan todas.`,
    csv: 'CSV, para una hoja de cálculo',
    jsonl: 'JSON Lines, para un programa',
    parquet: (rows) => `Parquet, para DuckDB o pandas (las ${rows} más recientes)`,
    received: (size) => `${size} hasta ahora…`,
    file: (size) => `Un archivo, ${size}.`,
    progress: (rows) => `${rows} filas hasta ahora…`,
    done: (rows, size) => `${rows} filas, ${size}.`,
    cancelled: 'Cancelado; no se ha guardado nada.',
    failed: (why) => `La exportación se ha detenido: ${why}`,
  },
  traceViews: {
    label: 'Cómo mirar esta traza',
    tree: 'Árbol',
    waterfall: 'Cascada',
    messages: 'Mensajes',
    graph: 'Grafo',
    hints: {
      tree: 'Los spans en orden, con el elegido al lado',
      waterfall: 'El tiempo a todo lo ancho',
      messages: 'La traza entera leída como una conversación',
      graph: 'Quién llamó a quién',
    },
  },
  jump: {
    label: 'Ir a',
    error: 'Siguiente fallo',
    slowest: 'El más lento',
    cost: 'La más cara',
    evaluation: 'Evaluación suspendida',
  },
  thread: {
    title: 'La traza entera como conversación',
    empty: 'Ningún span de esta traza registró texto.',
    repeated: (count, shown) =>
      plural(count, '1 mensaje anterior, repetido', `${shown} mensajes anteriores, repetidos`),
    show: (name) => `Mostrar el span ${name}`,
    more: (left) => `Mostrar más (quedan ${left})`,
    page: (from, to, total) => `Pasos ${from} a ${to} de ${total}`,
    before: 'Anteriores',
    after: 'Siguientes',
  },
  graph: {
    title: 'Quién llamó a quién',
    empty: 'Esta traza no tiene spans LLM que dibujar.',
    leftOut: (count) => `${count} spans quedan a más profundidad de la que se dibuja.`,
    tokens: (count) => `${count} tokens`,
    failed: (count) => `${count} con fallo`,
    box: (p) => `${p.kind} ${p.name}${p.count > 1 ? `, ${p.count} veces` : ''}${
      p.failed > 0 ? `, ${p.failed} con fallo` : ''}, ${p.figures}`,
  },
  compare: {
    title: 'Dos spans comparados',
    pick: 'Elegir para comparar',
    unpick: 'Elegido como A; soltar',
    with: (name) => `Comparar con ${name} (A)`,
    close: 'Cerrar la comparación',
    same: 'sin cambios',
    folded: (count) => ` … ${count} caracteres iguales … `,
    noText: 'Ninguno de los dos spans registró texto.',
    parameters: 'Parámetros',
    figures: 'Cifras',
    name: 'Nombre',
  },
  azure: {
    title: 'Lo que dijo Azure',
    refused: (categories, jailbreak) => {
      const why = categories ? ` por: ${categories.toLowerCase()}` : '';
      return jailbreak
        ? `El filtro de contenido tomó la petición por un intento de saltarse las reglas del modelo (jailbreak)${categories ? `, y además la detuvo${why}` : ''}. El modelo no llegó a recibirla.`
        : `El filtro de contenido detuvo la petición${why}. El modelo no llegó a recibirla.`;
    },
    answerStopped: (categories) =>
      `El filtro de contenido cortó la respuesta por: ${categories.toLowerCase()}.`,
    retried: (p) => `${p.shown} ${plural(p.count, 'reintento', 'reintentos')}${
      p.status ? ` tras un ${p.status}` : ''}; ${p.waited} perdidos.`,
    retryAfter: (wait) => `Azure pidió esperar ${wait} antes del siguiente intento.`,
    tokensLeft: (left, of) =>
      `Quedaban ${left}${of ? ` de ${of}` : ''} tokens en la cuota por minuto de esta implementación.`,
    requestsLeft: (left, of) => `Quedaban ${left}${of ? ` de ${of}` : ''} peticiones en su cuota.`,
    firstToken: (value, perSecond) =>
      `Primer token a los ${value}${perSecond ? `; después, ${perSecond} tokens por segundo` : ''}.`,
    requestId: 'Id de la petición',
    sides: {
      prompt: 'La petición, según el filtro', completion: 'La respuesta, según el filtro',
    },
    stopped: 'detenido',
    detected: 'hallado',
    notDetected: 'no hallado',
    severities: { safe: 'seguro', low: 'leve', medium: 'media', high: 'alta' },
    categories: {
      hate: 'Odio', sexual: 'Contenido sexual', violence: 'Violencia', self_harm: 'Autolesiones',
      jailbreak: 'Intento de jailbreak', indirect_attack: 'Ataque indirecto',
      profanity: 'Lenguaje soez', protected_material_text: 'Texto protegido',
      protected_material_code: 'Código protegido', ungrounded_material: 'Afirmaciones sin base',
    },
  },
  rich: {
    mode: 'Cómo se muestran los textos',
    modes: { markdown: 'Con formato', plain: 'Sencillo', raw: 'En bruto' },
    hints: {
      markdown: 'Markdown con formato; sin HTML ni imágenes de fuera',
      plain: 'Como se escribió, con los caracteres ocultos a la vista',
      raw: 'Como JSON, con cada carácter como se envió',
    },
    image: (alt) => `[Imagen ${alt}: no se descarga]`,
    code: 'Código',
    table: 'Tabla',
    brokenImage: 'La imagen no se puede leer: sus bytes están dañados.',
  },
  sessions: {
    title: 'Sesiones',
    one: 'Sesión',
    sentence: (p) => p.count === 0 ? 'Ninguna sesión en este periodo.'
      : `${p.more ? plural(p.count, 'La última ', 'Las últimas ') : ''}${p.shown} ${
        plural(p.count, 'sesión', 'sesiones')}, ${
        p.failed === 0 ? 'sin ningún turno fallido'
          : `${p.failedShown} con algún turno fallido`}.`,
    what: 'Una sesión son todas las llamadas con el mismo id de sesión: una conversación a lo largo de varias trazas.',
    columns: { last: 'Última actividad', session: 'Sesión, usuario',
      said: 'Primera entrada, última salida', turns: 'Turnos', lasted: 'Duró' },
    failed: (count, shown) => plural(count, '1 con fallo', `${shown} con fallo`),
    empty: 'Ninguna llamada de este periodo lleva un id de sesión.',
    teach: 'Pon en tus spans el id de la conversación y sus turnos aparecerán aquí, en orden:',
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
  },
};
