// The words on connecting an application.
import { words } from './language';

const connectEn = {
  title: 'Connect an application',
  lead: 'Choose how your application runs, copy the lines, start it. The first call appears here by itself.',
  emptyLead: 'No call has arrived yet.',
  waiting: 'Waiting for the first span…',
  arrived: 'The first spans are here.',
  open: 'Show them',
  alreadyMany: 'Calls have arrived before; this waits for the next one.',
  cases: {
    python: 'Python',
    node: 'Node.js',
    agentless: 'Without an agent',
    site: 'Without an agent, by DD_SITE',
    functions: 'Azure Functions',
  },
  notes: {
    python: 'On the same machine nothing else is needed: the tracer finds Catalejo where it expects an agent.',
    node: 'Load the tracer before everything else. The variables are the same as for Python.',
    agentless: 'When the application cannot reach port 8126. Spans and evaluations go straight to this address over HTTP.',
    site: 'When the client can only be told a site: every host name below it must resolve to this machine, and TLS is required.',
    functions: 'Set these as application settings. Functions send by themselves at the end of each invocation.',
  },
  steps: {
    install: 'Install',
    run: 'Run',
    variables: 'Settings',
    tls: 'On the server, once',
    code: 'First line of your program',
  },
  keyNote: 'This server has keys: put one of yours in the place of <key>.',
  noKeyNote: 'No key has been created, so any text serves as key on this machine. Make one before you open the server to a network.',
};

const connectEs: typeof connectEn = {
  title: 'Conectar una aplicación',
  lead: 'Elige cómo se ejecuta tu aplicación, copia las líneas y arráncala. La primera llamada aparecerá aquí sola.',
  emptyLead: 'Todavía no ha llegado ninguna llamada.',
  waiting: 'Esperando el primer span…',
  arrived: 'Ya han llegado los primeros spans.',
  open: 'Verlos',
  alreadyMany: 'Ya han llegado llamadas antes; aquí se espera la siguiente.',
  cases: {
    python: 'Python',
    node: 'Node.js',
    agentless: 'Sin agente',
    site: 'Sin agente, con DD_SITE',
    functions: 'Azure Functions',
  },
  notes: {
    python: 'En la misma máquina no hace falta nada más: el trazador encuentra a Catalejo donde espera un agente.',
    node: 'Carga el trazador antes que nada. Las variables son las mismas que en Python.',
    agentless: 'Para cuando la aplicación no alcanza el puerto 8126. Los spans y las evaluaciones van directos a esta dirección por HTTP.',
    site: 'Para cuando al cliente solo se le puede indicar un sitio: todos los nombres por debajo deben resolver a esta máquina, y TLS es obligatorio.',
    functions: 'Ponlo en la configuración de la aplicación. Las funciones envían por sí mismas al final de cada invocación.',
  },
  steps: {
    install: 'Instalar',
    run: 'Ejecutar',
    variables: 'Configuración',
    tls: 'En el servidor, una vez',
    code: 'Primera línea de tu programa',
  },
  keyNote: 'Este servidor tiene claves: pon una de las tuyas en lugar de <key>.',
  noKeyNote: 'No hay claves creadas, así que en esta máquina vale cualquier texto. Crea una antes de abrir el servidor a la red.',
};

export const tConnect = words(connectEn, connectEs);
