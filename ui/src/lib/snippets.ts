// The lines a reader copies to connect an application, made for where this server listens. Pure.
import type { Info } from '../api/types';

export const cases = ['python', 'node', 'agentless', 'site', 'functions'] as const;
export type Case = (typeof cases)[number];
export type Step = 'install' | 'run' | 'variables' | 'tls' | 'code';

export interface Snippet {
  step: Step;
  text: string;
}

export interface Place {
  // Host name by which the reader reached this page, and its origin.
  host: string;
  origin: string;
  agentPort: string;
  tlsPort: string;
}

function portOf(info: Info | null, names: RegExp, fallback: string): string {
  const listener = info?.listeners.find((l) => names.test(l.name) && /:\d+$/.test(l.address));
  return listener ? (/:(\d+)$/.exec(listener.address)?.[1] ?? fallback) : fallback;
}

export function placeOf(info: Info | null, host: string, origin: string): Place {
  return {
    host,
    origin,
    agentPort: portOf(info, /^apm$/i, '8126'),
    tlsPort: portOf(info, /agentless|https|tls/i, '8443'),
  };
}

const base = ['DD_LLMOBS_ENABLED=1', 'DD_LLMOBS_ML_APP=my-app', 'DD_SERVICE=my-app'];
const lines = (variables: string[]) => `${variables.join(' \\\n')} \\\n`;

function agentOf(place: Place): string[] {
  const isDefault = place.agentPort === '8126' && /^(localhost|127\.|\[?::1)/.test(place.host);
  return isDefault ? [] : [`DD_TRACE_AGENT_URL=http://${place.host}:${place.agentPort}`];
}

const key = 'DD_API_KEY=<key>';

export function snippetsOf(which: Case, place: Place): Snippet[] {
  switch (which) {
    case 'python':
      return [
        { step: 'install', text: 'pip install ddtrace openai' },
        { step: 'run', text: `${lines([...base, ...agentOf(place)])}ddtrace-run python app.py` },
      ];
    case 'node':
      return [
        { step: 'install', text: 'npm install dd-trace openai' },
        {
          step: 'run',
          text: `${lines([...base, ...agentOf(place)])}node --import dd-trace/initialize.mjs app.js`,
        },
      ];
    case 'agentless':
      return [
        {
          step: 'run',
          text: `${lines([
            ...base, 'DD_LLMOBS_AGENTLESS_ENABLED=1', `DD_LLMOBS_OVERRIDE_ORIGIN=${place.origin}`,
            'DD_APM_TRACING_ENABLED=0', key,
          ])}ddtrace-run python app.py`,
        },
      ];
    case 'site':
      return [
        { step: 'tls', text: 'catalejo tls init\ncatalejo env --agentless' },
        {
          step: 'run',
          text: `${lines([
            ...base, 'DD_LLMOBS_AGENTLESS_ENABLED=1',
            `DD_SITE=catalejo.example:${place.tlsPort}`,
            'SSL_CERT_FILE=/path/to/ca.pem', key,
          ])}ddtrace-run python app.py`,
        },
      ];
    case 'functions':
      return [
        { step: 'tls', text: 'catalejo tls init\ncatalejo env --serverless' },
        {
          step: 'variables',
          text: [
            ...base, 'DD_LLMOBS_AGENTLESS_ENABLED=1',
            `DD_SITE=catalejo.example:${place.tlsPort}`,
            'SSL_CERT_FILE=/home/site/wwwroot/ca.pem', key,
          ].join('\n'),
        },
        { step: 'code', text: 'import ddtrace.auto' },
      ];
  }
}
