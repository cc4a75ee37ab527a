// The words of one span.
import { plural, words } from './language';

const spanEn = {
  pane: 'Selected span',
  choose: 'Choose a span to read it.',
  input: 'Input',
  output: 'Output',
  conversation: 'Conversation',
  documents: 'Documents',
  document: (n: number) => `Document ${n}`,
  score: (value: string) => `score ${value}`,
  prompt: 'Prompt template',
  otherInput: 'Further input',
  otherOutput: 'Further output',
  empty: '(empty)',
  noIo: 'This span recorded neither input nor output.',
  parameters: 'Parameters',
  usage: 'Token usage',
  usageNames: {
    input_tokens: 'Input',
    output_tokens: 'Output',
    total_tokens: 'Total',
    cache_read_input_tokens: 'of the input, from cache',
    reasoning_output_tokens: 'of the output, reasoning',
  },
  measures: 'Measures',
  error: 'Error',
  stack: 'Stack',
  evaluations: 'Evaluations',
  feedback: 'feedback',
  reasoning: 'Reasoning',
  tags: 'Tags',
  facts: 'Facts',
  extra: 'Also recorded',
  raw: 'Raw JSON',
  flags: 'What happened on the way',
  tools: 'Tools offered',
  factNames: {
    kind: 'Kind',
    name: 'Name',
    model: 'Model',
    provider: 'Provider',
    deployment: 'Deployment',
    service: 'Service',
    ml_app: 'Application',
    env: 'Environment',
    version: 'Version',
    session: 'Session',
    user: 'User',
    error_type: 'Error type',
    apm_name: 'APM name',
    resource: 'Resource',
    apm_type: 'APM type',
    span_id: 'Span id',
    parent_id: 'Parent id',
    trace_id: 'Trace id',
    apm_trace_id: 'APM trace id',
    source: 'Came by',
    start: 'Started',
    duration: 'Duration',
    received: 'Received',
  },
  roles: {
    system: 'System',
    developer: 'Developer',
    user: 'User',
    assistant: 'Assistant',
    tool: 'Tool',
    function: 'Function',
    reasoning: 'Reasoning',
    none: 'Text',
  },
  toolCall: 'calls tool',
  toolResult: 'result',
  toolNoResult: 'No result in this conversation',
  image: (n: number, size: string) => `Image ${n}, ${size}`,
  imageElsewhere: (key: string) => `The image itself was not sent${key ? ` (kept as ${key})` : ''}.`,
  imageRefused: (type: string, size: string) => `An attachment of type ${type}, ${size}: not shown, because only PNG, JPEG, GIF and WebP are safe to show.`,
  cut: (size: string, hash: string) =>
    `An attachment of ${size} was over the limit and was cut on arrival (SHA-256 ${hash}…).`,
  notBytes: (text: string) => `Not the image itself but a text: ${text}`,
  audio: (type: string, size: string) => `Audio, ${type}, ${size}`,
  earlier: (count: number, shown: string) =>
    plural(count, 'Show 1 earlier message', `Show ${shown} earlier messages`),
  moreText: (left: string, lines: string) => `Show more (${left}, ${lines} lines left)`,
  allText: 'Show all',
  lessText: 'Show less',
  pretty: 'As JSON',
  asSent: 'As sent',
  flagWords: {
    invalid_utf8: 'Some bytes were not valid UTF-8; they are shown as �.',
    attachment_cut: 'An image or a recording was over the size limit; a note with its size stands in its place.',
    text_cut: 'A text was over the size limit and was cut at its end.',
    dropped_io: 'The application’s own client left out input and output, because the span was over 5 MB.',
    clock_skew: 'The span claimed to start in the future; the time it was received is shown instead.',
    id_from_text: 'Its id was not a number; a stable number was made from the text.',
    tags_cut: 'It had more tags or measures than the limit; the rest was left out.',
    number_text: 'A number was not finite or too long; it was kept as text.',
    redacted: 'A rule took personal data or secrets out of it before it was stored; its tags say what.',
  },
};

const spanEs: typeof spanEn = {
  pane: 'Span elegido',
  choose: 'Elige un span para leerlo.',
  input: 'Entrada',
  output: 'Salida',
  conversation: 'Conversación',
  documents: 'Documentos',
  document: (n) => `Documento ${n}`,
  score: (value) => `puntuación ${value}`,
  prompt: 'Plantilla del prompt',
  otherInput: 'Más datos de entrada',
  otherOutput: 'Más datos de salida',
  empty: '(vacío)',
  noIo: 'Este span no registró ni entrada ni salida.',
  parameters: 'Parámetros',
  usage: 'Consumo de tokens',
  usageNames: {
    input_tokens: 'Entrada',
    output_tokens: 'Salida',
    total_tokens: 'Total',
    cache_read_input_tokens: 'de la entrada, desde caché',
    reasoning_output_tokens: 'de la salida, razonamiento',
  },
  measures: 'Medidas',
  error: 'Error',
  stack: 'Pila de llamadas',
  evaluations: 'Evaluaciones',
  feedback: 'opinión',
  reasoning: 'Razonamiento',
  tags: 'Etiquetas',
  facts: 'Datos',
  extra: 'También registrado',
  raw: 'JSON sin procesar',
  flags: 'Lo que pasó por el camino',
  tools: 'Herramientas ofrecidas',
  factNames: {
    kind: 'Tipo',
    name: 'Nombre',
    model: 'Modelo',
    provider: 'Proveedor',
    deployment: 'Implementación',
    service: 'Servicio',
    ml_app: 'Aplicación',
    env: 'Entorno',
    version: 'Versión',
    session: 'Sesión',
    user: 'Usuario',
    error_type: 'Tipo de error',
    apm_name: 'Nombre APM',
    resource: 'Recurso',
    apm_type: 'Tipo APM',
    span_id: 'Id del span',
    parent_id: 'Id del padre',
    trace_id: 'Id de la traza',
    apm_trace_id: 'Id de la traza APM',
    source: 'Llegó por',
    start: 'Comienzo',
    duration: 'Duración',
    received: 'Recibido',
  },
  roles: {
    system: 'Sistema',
    developer: 'Desarrollador',
    user: 'Usuario',
    assistant: 'Asistente',
    tool: 'Herramienta',
    function: 'Función',
    reasoning: 'Razonamiento',
    none: 'Texto',
  },
  toolCall: 'llama a la herramienta',
  toolResult: 'resultado',
  toolNoResult: 'Sin resultado en esta conversación',
  image: (n, size) => `Imagen ${n}, ${size}`,
  imageElsewhere: (key) => `La imagen no se envió${key ? ` (guardada como ${key})` : ''}.`,
  imageRefused: (type, size) => `Un adjunto de tipo ${type}, ${size}: no se muestra, porque solo PNG, JPEG, GIF y WebP son seguros.`,
  cut: (size, hash) =>
    `Un adjunto de ${size} superaba el límite y se recortó al llegar (SHA-256 ${hash}…).`,
  notBytes: (text) => `No es la imagen, sino un texto: ${text}`,
  audio: (type, size) => `Audio, ${type}, ${size}`,
  earlier: (count, shown) =>
    plural(count, 'Ver 1 mensaje anterior', `Ver los ${shown} mensajes anteriores`),
  moreText: (left, lines) => `Ver más (quedan ${left}, ${lines} líneas)`,
  allText: 'Ver todo',
  lessText: 'Ver menos',
  pretty: 'Como JSON',
  asSent: 'Tal como llegó',
  flagWords: {
    invalid_utf8: 'Algunos bytes no eran UTF-8 válido; se muestran como �.',
    attachment_cut: 'Una imagen o grabación superaba el límite de tamaño; en su lugar hay una nota con lo que ocupaba.',
    text_cut: 'Un texto superaba el límite de tamaño y se cortó por el final.',
    dropped_io: 'El propio cliente de la aplicación omitió la entrada y la salida, porque el span pasaba de 5 MB.',
    clock_skew: 'El span decía empezar en el futuro; se muestra la hora en que se recibió.',
    id_from_text: 'Su id no era un número; se creó un número estable a partir del texto.',
    tags_cut: 'Tenía más etiquetas o medidas de las permitidas; las demás se omitieron.',
    number_text: 'Un número no era finito o era demasiado largo; se guardó como texto.',
    redacted: 'Una regla quitó datos personales o secretos antes de guardarlo; sus etiquetas dicen cuáles.',
  },
};

export const tSpan = words(spanEn, spanEs);

const compareEn = {
  title: 'Two spans compared',
  pick: 'Pick to compare',
  unpick: 'Picked as A; let go',
  with: (name: string) => `Compare with ${name} (A)`,
  close: 'Close the comparison',
  same: 'the same',
  folded: (count: string) => ` … ${count} characters the same … `,
  noText: 'Neither span recorded a text.',
  parameters: 'Parameters',
  figures: 'Figures',
  name: 'Name',
};

const compareEs: typeof compareEn = {
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
};

export const tCompare = words(compareEn, compareEs);

const azureEn = {
  title: 'What Azure said',
  refused: (categories: string, jailbreak: boolean) => {
    const why = categories ? ` for ${categories}` : '';
    return jailbreak
      ? `The content filter took the prompt for an attempt to talk the model out of its rules (jailbreak)${categories ? `, and also stopped it${why}` : ''}. The model was not asked.`
      : `The content filter stopped the prompt${why}. The model was not asked.`;
  },
  answerStopped: (categories: string) => `The content filter cut the answer off for ${categories}.`,
  retried: (p: { count: number; shown: string; status: string; waited: string }) =>
    `${p.shown} ${plural(p.count, 'retry', 'retries')}${p.status ? ` after ${p.status}` : ''}; ${p.waited} lost.`,
  spilled: (from: string, to: string, status: string) =>
    `${from} did not answer${status ? ` (${status})` : ''}: Azure handed the call on to ${to}, where it is billed.`,
  retryAfter: (wait: string) => `Azure asked to wait ${wait} before the next try.`,
  tokensLeft: (left: string, of: string) =>
    `${left}${of ? ` of ${of}` : ''} tokens were left in the minute’s quota of this deployment.`,
  requestsLeft: (left: string, of: string) =>
    `${left}${of ? ` of ${of}` : ''} requests were left in its quota.`,
  firstToken: (value: string, perSecond: string) =>
    `First token after ${value}${perSecond ? `, then ${perSecond} tokens a second` : ''}.`,
  requestId: 'Request id',
  sides: { prompt: 'Prompt, as the filter saw it', completion: 'Answer, as the filter saw it' },
  stopped: 'stopped',
  detected: 'found',
  notDetected: 'not found',
  severities: { safe: 'safe', low: 'low', medium: 'medium', high: 'high' },
  categories: {
    hate: 'Hate', sexual: 'Sexual', violence: 'Violence', self_harm: 'Self-harm',
    jailbreak: 'Jailbreak', indirect_attack: 'Indirect attack', profanity: 'Profanity',
    protected_material_text: 'Protected text', protected_material_code: 'Protected code',
    ungrounded_material: 'Ungrounded claims',
  },
};

const azureEs: typeof azureEn = {
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
  spilled: (from, to, status) =>
    `${from} no respondió${status ? ` (${status})` : ''}: Azure pasó la llamada a ${to}, donde se factura.`,
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
};

export const tAzure = words(azureEn, azureEs);

const richEn = {
  mode: 'How texts are shown',
  modes: { markdown: 'Laid out', plain: 'Plain', raw: 'Raw' },
  hints: {
    markdown: 'Markdown laid out; no HTML, no pictures from elsewhere',
    plain: 'As written, hidden characters made visible',
    raw: 'As JSON, every character escaped as it was sent',
  },
  image: (alt: string) => `[Picture ${alt}: not fetched]`,
  code: 'Code',
  table: 'Table',
  brokenImage: 'The picture could not be read: its bytes are broken.',
};

const richEs: typeof richEn = {
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
};

export const tRich = words(richEn, richEs);
