// The typed client. Every answer that is not 2xx becomes a Problem carrying the server's own
// sentence; a 401 also asks the page for a key (kept for this browser tab only).
import { createSignal } from 'solid-js';
import type {
  Cardinality, Explanation, Facets, FoundSpan, GroupKind, GroupPage, Info, Ledger, RowPage, Series,
  Suggestions,
  Trace, TraceLines, View,
} from './types';

const storageKey = 'catalejo.key';

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly where: string,
  ) {
    super(detail || code);
  }
}

const [keyWanted, setKeyWanted] = createSignal(false);
const [key, setKeySignal] = createSignal(sessionStorage.getItem(storageKey) ?? '');
export { key, keyWanted };

export function setKey(value: string): void {
  if (value) sessionStorage.setItem(storageKey, value);
  else sessionStorage.removeItem(storageKey);
  setKeyWanted(false);
  setKeySignal(value);
}

interface ErrorBody {
  errors?: { code?: string; detail?: string; where?: string }[];
}

async function problemOf(response: Response): Promise<Problem> {
  let body: ErrorBody = {};
  try {
    body = (await response.json()) as ErrorBody;
  } catch {
    // A proxy in between may answer with a page of its own: the status must do.
  }
  const first = body.errors?.[0];
  return new Problem(
    response.status,
    first?.code ?? `http_${response.status}`,
    first?.detail ?? '',
    first?.where ?? '',
  );
}

// Requests that are not answered yet.
const [inFlight, setInFlight] = createSignal(0);
export { inFlight };

async function ask(
  path: string, headers: Record<string, string>, how: RequestInit,
): Promise<Response> {
  setInFlight((count) => count + 1);
  try {
    const response = await fetch(`/api/v1/${path}`, {
      ...how, headers: { ...headers, ...(key() ? { 'DD-API-KEY': key() } : {}) },
    });
    if (response.status === 401) setKeyWanted(true);
    if (!response.ok) throw await problemOf(response);
    return response;
  } catch (error) {
    if (error instanceof Problem || isAbort(error)) throw error;
    throw new Problem(0, 'unreachable', '', path);
  } finally {
    setInFlight((count) => count - 1);
  }
}

export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';

async function change<T>(method: string, path: string, type: string, body?: BodyInit): Promise<T> {
  const response = await ask(path, { 'Content-Type': type }, { method, ...(body ? { body } : {}) });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const send = <T = unknown>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown,
): Promise<T> => change<T>(method, path, 'application/json',
    body === undefined ? undefined : JSON.stringify(body));
export const post = <T>(path: string, file: Blob): Promise<T> =>
  change<T>('POST', path, 'text/plain', file);

const addressOf = (path: string, query?: URLSearchParams): string => {
  const text = query?.toString();
  return text ? `${path}?${text}` : path;
};

export async function get<T>(
  path: string, query?: URLSearchParams, signal?: AbortSignal,
): Promise<T> {
  const response = await ask(addressOf(path, query), { Accept: 'application/json' },
    signal ? { signal } : {});
  return (await response.json()) as T;
}

// A file the server makes, told of as it comes.
export async function download(
  path: string, query: URLSearchParams, signal: AbortSignal, onBytes: (bytes: number) => void,
): Promise<{ blob: Blob; name: string }> {
  const response = await ask(addressOf(path, query), {}, { signal });
  const parts: Blob[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    parts.push(new Blob([piece.value as BlobPart]));
    bytes += (piece.value as Uint8Array).length;
    onBytes(bytes);
  }
  const name = /filename="([\w.-]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return { blob: new Blob(parts, { type: 'application/octet-stream' }), name: name ?? path };
}

// The view and time range of an address.
function scopeOf(search: string): URLSearchParams {
  const given = new URLSearchParams(search);
  const scope = new URLSearchParams();
  for (const name of ['from', 'to', 'view']) {
    const value = given.get(name);
    if (value) scope.set(name, value);
  }
  return scope;
}

export const api = {
  explain: (query: string, signal?: AbortSignal) =>
    get<Explanation>('explain', new URLSearchParams({ query }), signal),
  suggest: (query: string, cursor: number, search: string, signal?: AbortSignal) => {
    const parameters = scopeOf(search);
    parameters.set('query', query);
    parameters.set('cursor', String(cursor));
    return get<Suggestions>('suggest', parameters, signal);
  },
  rows: (view: View, query: URLSearchParams, signal?: AbortSignal) =>
    get<RowPage>(view === 'traces' ? 'traces' : 'spans', query, signal),
  trace: (id: string, signal?: AbortSignal) =>
    get<Trace>(`traces/${encodeURIComponent(id)}`, undefined, signal),
  // Of a large trace: a span with what is around it, or a page of its conversation.
  tracePart: (id: string, part: { span: string } | { steps: number }) =>
    get<Trace>(`traces/${encodeURIComponent(id)}`,
      new URLSearchParams(Object.entries(part).map(([k, v]) => [k, String(v)]))),
  traceLines: (id: string, query: URLSearchParams, signal?: AbortSignal) =>
    get<TraceLines>(`traces/${encodeURIComponent(id)}/lines`, query, signal),
  findInTrace: (id: string, what: string, after: string | null) =>
    get<FoundSpan>(`traces/${encodeURIComponent(id)}/find`,
      new URLSearchParams({ what, ...(after === null ? {} : { after }) })),
  groups: (kind: GroupKind, query: URLSearchParams, signal?: AbortSignal) =>
    get<GroupPage>(`${kind}s`, query, signal),
  facets: (query: URLSearchParams, signal?: AbortSignal) => get<Facets>('facets', query, signal),
  series: (query: URLSearchParams, signal?: AbortSignal) => get<Series>('series', query, signal),
  ledger: () => get<Ledger>('ledger'),
  cardinality: () => get<Cardinality>('metrics/cardinality'),
  info: () => get<Info>('info'),
};
