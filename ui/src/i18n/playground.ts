// The words of the playground.
import { plural, words } from './language';

const playgroundEn = {
  title: 'Playground',
  intro: 'Ask a deployment of yours what you write here, alone or in two variants side by side. Each call is real: it is sent to your deployment, costs money, and is kept as a span of the application catalejo-playground.',
  noDeployment: 'This server was given no model to ask. Set judge_endpoint, judge_deployments and judge_key; judges and the playground share them.',
  today: (calls: string, most: string, tokens: string) => `Today: ${calls} calls${most ? ` of ${most}` : ''}, ${tokens} tokens.`,
  fromPrompt: 'Begin with a prompt', pick: 'choose a prompt', version: 'Version', versionNumber: (number: number) => `version ${number}`,
  fromSpan: 'From a stored call', leftOut: (count: number, text: string) => `${text} ${plural(count, 'message of a tool is', 'messages of tools are')} left out.`,
  variables: 'Variables', variablesHint: 'Filled in for all variants. One without a value stays as it is written.',
  variant: (letter: string) => `Variant ${letter}`, deployment: 'Deployment', message: (number: number) => `Message ${number}`, role: 'Role',
  roles: { system: 'system', user: 'user', assistant: 'assistant' },
  addMessage: 'Add message', removeMessage: 'Remove message', addVariant: 'Add a variant', removeVariant: 'Remove this variant',
  temperature: 'Temperature', topP: 'Top p', tokensMax: 'Tokens at most', usual: 'the model’s own',
  ask: 'Ask', askBoth: 'Ask both', asking: 'Asking…',
  answer: 'Answer', problem: 'No answer', said: 'nothing', finish: (reason: string) => `ended with ${reason}`,
  cut: 'The answer was cut off at its limit of tokens.', filtered: 'The content filter cut the answer off.',
  used: (input: string, output: string, time: string) => `${input} tokens in, ${output} out, ${time}`,
  reasoning: (tokens: string) => `${tokens} of them to reason`, tool: 'calls',
  filter: 'Content filter', prompt: 'prompt', completion: 'answer', safe: 'found nothing', stopped: 'stopped', found: 'found',
  severity: (severity: string) => `severity ${severity}`, trace: 'The call as a trace',
  save: 'Save as a version of a prompt', promptId: 'Prompt', what: 'What changed', saveIt: 'Save',
  saved: (id: string, version: number) => `Saved as version ${version} of ${id}.`, open: 'Open in playground',
  reasons: {
    budget: 'budget used up', rate_limit: 'rate limit', timeout: 'no answer in time', server: 'deployment failed',
    unreachable: 'not reachable', key: 'key refused', deployment: 'no such deployment', request: 'request refused',
    content_filter: 'content filter', answer: 'answer of another form', stopped: 'server stopped',
  } as Record<string, string>,
};

const playgroundEs: typeof playgroundEn = {
  title: 'Pruebas',
  intro: 'Pregunta a una implementación tuya lo que escribas aquí, en una o en dos variantes lado a lado. Cada llamada es real: se envía a tu implementación, cuesta dinero y queda guardada como span de la aplicación catalejo-playground.',
  noDeployment: 'Este servidor no tiene ningún modelo al que preguntar. Configura judge_endpoint, judge_deployments y judge_key: los jueces y las pruebas los comparten.',
  today: (calls, most, tokens) => `Hoy: ${calls} llamadas${most ? ` de ${most}` : ''}, ${tokens} tokens.`,
  fromPrompt: 'Empezar con un prompt', pick: 'elige un prompt', version: 'Versión', versionNumber: (number) => `versión ${number}`,
  fromSpan: 'De una llamada guardada', leftOut: (count, text) => `${plural(count, 'Queda', 'Quedan')} fuera ${text} ${plural(count, 'mensaje', 'mensajes')} de herramientas.`,
  variables: 'Valores de las variables', variablesHint: 'Valen para todas las variantes. La que no tiene valor se queda como está escrita.',
  variant: (letter) => `Variante ${letter}`, deployment: 'Implementación', message: (number) => `Mensaje ${number}`, role: 'Rol',
  roles: { system: 'sistema', user: 'usuario', assistant: 'asistente' },
  addMessage: 'Añadir mensaje', removeMessage: 'Quitar mensaje', addVariant: 'Añadir una variante', removeVariant: 'Quitar esta variante',
  temperature: 'Temperatura', topP: 'Top-p', tokensMax: 'Tokens como máximo', usual: 'lo propio del modelo',
  ask: 'Preguntar', askBoth: 'Preguntar a las dos', asking: 'Preguntando…',
  answer: 'Respuesta', problem: 'Sin respuesta', said: 'nada', finish: (reason) => `terminó con ${reason}`,
  cut: 'La respuesta se cortó al llegar a su límite de tokens.', filtered: 'El filtro de contenido cortó la respuesta.',
  used: (input, output, time) => `${input} tokens de entrada, ${output} de salida, ${time}`,
  reasoning: (tokens) => `${tokens} de ellos para razonar`, tool: 'llama a',
  filter: 'Filtro de contenido', prompt: 'petición', completion: 'respuesta', safe: 'no encontró nada', stopped: 'detuvo', found: 'encontró',
  severity: (severity) => `gravedad ${severity}`, trace: 'La llamada como traza',
  save: 'Guardar como versión de un prompt', promptId: 'Prompt', what: 'Qué ha cambiado', saveIt: 'Guardar',
  saved: (id, version) => `Guardado como versión ${version} de ${id}.`, open: 'Abrir en pruebas',
  reasons: {
    budget: 'presupuesto agotado', rate_limit: 'límite de peticiones', timeout: 'sin respuesta a tiempo', server: 'fallo de la implementación',
    unreachable: 'inaccesible', key: 'clave rechazada', deployment: 'no existe la implementación', request: 'petición rechazada',
    content_filter: 'filtro de contenido', answer: 'respuesta con otra forma', stopped: 'servidor parado',
  },
};

export const tPlayground = words(playgroundEn, playgroundEs);
