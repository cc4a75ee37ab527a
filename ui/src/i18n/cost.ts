// The words about money.
import { plural, words } from './language';

const costEn = {
  title: 'Costs',
  intro: 'What model calls cost, priced now: a corrected mapping or price holds for the past too.',
  by: 'Group by',
  groups: {
    model: 'Model', deployment: 'Deployment', ml_app: 'Application', service: 'Service',
    session: 'Session', user: 'User', env: 'Environment',
  },
  cost: 'Cost',
  calls: 'Calls',
  unknownCalls: 'Not priced',
  total: 'Total',
  noValue: '(none)',
  columns: {
    input: 'Input', cached_input: 'Cached input', cache_write: 'Cache writes',
    audio_input: 'Audio input', output: 'Output', audio_output: 'Audio output',
    reasoning: 'Reasoning',
  },
  part: 'Tokens', tokens: 'Count', rate: 'Per million', amount: 'Cost',
  nothing: 'No model was called in this time. Choose a longer time, or',
  atLeast: (usd: string) => `at least ${usd}`,
  incomplete: (calls: number) => `${calls} ${plural(calls, 'call has', 'calls have')} no known cost`,
  unknownTitle: 'What is not priced, and why',
  fix: 'Fix it',
  mapTitle: 'Which model is it?',
  mapExplain: 'The name of a deployment says nothing about its model. Say it once; all of its past calls are priced too.',
  deployment: 'Deployment', resource: 'Azure resource', anyResource: 'any', model: 'Model',
  type: 'Billed as', monthly: 'US dollars a month', from: 'From', to: 'Until', always: 'always',
  save: 'Save', remove: 'Remove', saved: 'Saved. The figures are new.',
  priceTitle: 'A price of your own',
  priceExplain: 'What your contract says, in US dollars per million tokens. It wins over the list price, for past calls too; what is left empty has no price.',
  anyType: 'any', note: 'Note', noteHint: 'Enterprise Agreement 2026',
  ownPrices: 'Your own prices', noOwnPrices: 'List prices hold for every model.',
  fixed: 'For a deployment that is paid by the month (PTU), say so above, where deployments are mapped: its price is shared over the tokens of each day.',
  removed: (what: string) => `${what} was removed.`, undo: 'Undo',
  mappings: 'Mapped deployments',
  noMappings: 'No deployment is mapped yet.',
  types: {
    global: 'Global Standard', data_zone: 'Data Zone Standard', regional: 'Regional Standard',
    global_batch: 'Global Batch', data_zone_batch: 'Data Zone Batch',
    provisioned: 'Provisioned (PTU)',
  },
  kinds: {
    catalogue: 'List price', own_price: 'Your own price', application: 'From the application',
    ptu_estimate: 'Estimate: share of the provisioned deployment', unknown: 'Unknown',
    none: 'Nothing to pay',
  },
  reasons: {
    no_token_counts: () => 'no token counts were reported',
    failed_without_tokens: () => 'the call failed and reported no tokens; as a rule it is not billed',
    no_model: () => 'the call names neither a model nor a deployment',
    deployment_not_mapped: (_model: string, deployment: string) =>
      `model unknown: deployment ${deployment} is not mapped`,
    no_price: (model: string) =>
      `no price for model ${model}; if that is the name of a deployment, map it`,
    no_price_then: (model: string) => `no price for model ${model} at that time`,
    no_rate: (model: string) => `no price for ${model} for this way of billing or kind of token`,
    no_ptu_price: (_model: string, deployment: string) =>
      `the monthly price of the provisioned deployment ${deployment} is missing`,
    ptu_not_measured: () => 'no tokens of that day are there to share the price over',
  },
  unknown: (why: string) => `Unknown: ${why}`,
  how: {
    response: (model: string) => `The answer names ${model}.`,
    mapping: (model: string, deployment: string) => `${deployment} is mapped to ${model}.`,
    type: (type: string) => `Billed as ${type}.`,
    assumed: (type: string) => `Billed as ${type}: assumed, for no mapping says it.`,
    source: (source: string, read: string) => `Price: ${source}, read on ${read}.`,
    own: (note: string) => (note ? `Price of yours: ${note}.` : 'Price of yours.'),
    application: 'The application sent this cost itself.',
    ptu: 'The month’s price, shared over the tokens of the day.',
  },
  catalogue: (version: string, source: string, read: string) =>
    `Price list of ${version}: ${source}, read on ${read}.`,
  catalogueProblem: (problem: string) => `A price list cannot be used: ${problem}`,
};

const costEs: typeof costEn = {
  title: 'Costes',
  intro: 'Lo que cuestan las llamadas a modelos, calculado ahora: si corriges una asignación o un precio, vale también para el pasado.',
  by: 'Agrupar por',
  groups: {
    model: 'Modelo', deployment: 'Implementación', ml_app: 'Aplicación', service: 'Servicio',
    session: 'Sesión', user: 'Usuario', env: 'Entorno',
  },
  cost: 'Coste',
  calls: 'Llamadas',
  unknownCalls: 'Sin precio',
  total: 'Total',
  noValue: '(ninguno)',
  columns: {
    input: 'Entrada', cached_input: 'Entrada en caché', cache_write: 'Escritura en caché',
    audio_input: 'Audio de entrada', output: 'Salida', audio_output: 'Audio de salida',
    reasoning: 'Razonamiento',
  },
  part: 'Tokens', tokens: 'Cantidad', rate: 'Por millón', amount: 'Coste',
  nothing: 'En este tiempo no se llamó a ningún modelo. Elige un periodo más largo o',
  atLeast: (usd) => `al menos ${usd}`,
  incomplete: (calls) =>
    `de ${calls} ${plural(calls, 'llamada', 'llamadas')} no se sabe el coste`,
  unknownTitle: 'Lo que no tiene precio, y por qué',
  fix: 'Arreglarlo',
  mapTitle: '¿Qué modelo es?',
  mapExplain: 'El nombre de una implementación no dice cuál es su modelo. Indícalo una vez y sus llamadas pasadas también tendrán precio.',
  deployment: 'Implementación', resource: 'Recurso de Azure', anyResource: 'cualquiera', model: 'Modelo',
  type: 'Se factura como', monthly: 'Dólares al mes', from: 'Desde', to: 'Hasta', always: 'siempre',
  save: 'Guardar', remove: 'Quitar', saved: 'Guardado. Las cifras ya son las nuevas.',
  priceTitle: 'Un precio propio',
  priceExplain: 'Lo que dice tu contrato, en dólares por millón de tokens. Prevalece sobre el precio de lista, también para las llamadas pasadas; lo que se deja vacío no tiene precio.',
  anyType: 'cualquiera', note: 'Nota', noteHint: 'Acuerdo Enterprise 2026',
  ownPrices: 'Precios propios', noOwnPrices: 'Todos los modelos llevan el precio de lista.',
  fixed: 'Si una implementación se paga por meses (PTU), indícalo arriba, donde se asignan: su precio se reparte entre los tokens de cada día.',
  removed: (what) => `Se ha quitado ${what}.`, undo: 'Deshacer',
  mappings: 'Implementaciones asignadas',
  noMappings: 'Aún no hay ninguna implementación asignada.',
  types: {
    global: 'Estándar global', data_zone: 'Estándar de zona de datos', regional: 'Estándar regional',
    global_batch: 'Lotes globales', data_zone_batch: 'Lotes de zona de datos',
    provisioned: 'Aprovisionado (PTU)',
  },
  kinds: {
    catalogue: 'Precio de lista', own_price: 'Precio propio', application: 'Lo envió la aplicación',
    ptu_estimate: 'Estimación: parte de la implementación aprovisionada', unknown: 'Desconocido',
    none: 'Nada que pagar',
  },
  reasons: {
    no_token_counts: () => 'no llegó ningún recuento de tokens',
    failed_without_tokens: () => 'la llamada falló sin informar de tokens; por lo general no se factura',
    no_model: () => 'la llamada no nombra ni modelo ni implementación',
    deployment_not_mapped: (_model, deployment) =>
      `modelo desconocido: la implementación ${deployment} no está asignada`,
    no_price: (model) =>
      `no hay precio para el modelo ${model}; si es el nombre de una implementación, asígnala`,
    no_price_then: (model) => `no hay precio para el modelo ${model} en esa fecha`,
    no_rate: (model) => `no hay precio para ${model} con esta facturación o este tipo de token`,
    no_ptu_price: (_model, deployment) =>
      `falta el precio mensual de la implementación aprovisionada ${deployment}`,
    ptu_not_measured: () => 'no hay tokens de ese día entre los que repartir el precio',
  },
  unknown: (why) => `Desconocido: ${why}`,
  how: {
    response: (model) => `La respuesta nombra ${model}.`,
    mapping: (model, deployment) => `${deployment} está asignado a ${model}.`,
    type: (type) => `Se factura como ${type}.`,
    assumed: (type) => `Se factura como ${type}: es un supuesto, ninguna asignación lo dice.`,
    source: (source, read) => `Precio: ${source}, leído el ${read}.`,
    own: (note) => (note ? `Precio propio: ${note}.` : 'Precio propio.'),
    application: 'Este coste lo envió la propia aplicación.',
    ptu: 'El precio del mes, repartido entre los tokens del día.',
  },
  catalogue: (version, source, read) =>
    `Lista de precios de ${version}: ${source}, leída el ${read}.`,
  catalogueProblem: (problem) => `No se puede usar una lista de precios: ${problem}`,
};

export const tCost = words(costEn, costEs);
