// The requests that a model call made: those refused, and what the tries after them cost. From the
// HTTP spans below the call, or from what our own tracer keeps in metadata.azure. Pure.
import type { Span } from '../api/types';
import type { Node } from './tree';

export type Bag = Record<string, unknown>;

export function bag(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value as Bag : null;
}

export function number(value: unknown): number | null {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof n === 'number' && Number.isFinite(n) ? n : null;
}

export function httpStatus(span: Span): number | null {
  const value = Number(span.tags['http.status_code'] ?? span.metrics['http.status_code']);
  return Number.isInteger(value) && value >= 100 && value < 600 ? value : null;
}

// HTTP children, at any depth but not inside another model call.
export function requestsOf(node: Node): Node[] {
  const found: Node[] = [];
  const stack = [...node.children];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (httpStatus(at.span) !== null || at.span.apm_type === 'http') found.push(at);
    else if (at.span.kind !== 'llm') stack.push(...at.children);
  }
  return found.sort((a, b) => a.startNs - b.startNs);
}

// `status` of a refusal; null when it was the connection, or is not known.
export interface Retries { count: number; waitedMs: number; status: number | null }

export function retriesOf(node: Node): Retries | null {
  const kept = bag(node.span.metadata?.['azure']) ?? bag(node.span.metadata?.['openai']);
  const count = number(kept?.['retries']);
  const requests = requestsOf(node);
  const refused = requests.map((r) => httpStatus(r.span)).find((s) => s !== null && s >= 400);
  if (count !== null && count > 0) {
    return { count, waitedMs: number(kept?.['retry_ms']) ?? 0,
      status: number(kept?.['retry_status']) ?? refused ?? null };
  }
  const first = requests[0];
  const last = requests.at(-1);
  if (!first || !last || requests.length < 2 || refused === undefined) return null;
  return { count: requests.length - 1, waitedMs: (last.startNs - first.startNs) / 1e6,
    status: refused };
}
