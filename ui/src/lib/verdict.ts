// Why a trace is as it is, as data; i18n turns it into the sentence at the top of the page.
import type { Span, Trace } from '../api/types';
import { httpStatus, requestsOf, retriesOf } from './requests';
import type { Node, Tree } from './tree';
import { selfNs } from './tree';

export type Reason =
  | 'rate_limit' | 'content_filter' | 'authentication' | 'not_found' | 'timeout' | 'connection'
  | 'bad_request' | 'server_error' | 'context_length' | 'other';

export interface Cause {
  reason: Reason;
  httpStatus: number | null;
  attempts: number;
  // What the retries cost.
  retryNs: number;
  target: string | null;
  errorType: string;
  message: string;
  node: Node;
}

export interface Slow {
  node: Node;
  share: number;
}

export type Verdict =
  | { kind: 'failed'; tone: 'error'; cause: Cause; others: number; slow: Slow | null }
  | { kind: 'failed_inside'; tone: 'warn'; cause: Cause; others: number; slow: Slow | null }
  | { kind: 'retried'; tone: 'warn'; cause: Cause; lostNs: number; slow: Slow | null }
  | { kind: 'filtered'; tone: 'warn'; node: Node; slow: Slow | null }
  | { kind: 'cut_short'; tone: 'warn'; node: Node; slow: Slow | null }
  | { kind: 'fine'; tone: 'ok'; slow: Slow | null };

// What the service itself said, out of the client's text around it:
// "Error code: 429 - {'error': {'message': 'Requests … exceeded'}}" → "Requests … exceeded".
export function innerMessage(message: string): string {
  const found = /['"]message['"]:\s*(['"])([\s\S]*?)\1\s*[,}]/.exec(message);
  return found?.[2] ?? message;
}

export interface Failure {
  reason: Reason;
  httpStatus: number | null;
  message: string;
}

// A failure told by its type and message alone, as a row of a list has them.
export function failureOf(errorType: string, message: string): Failure {
  const status = statusInText(message);
  return {
    reason: reasonOf(errorType, message, status), httpStatus: status,
    message: innerMessage(message),
  };
}

function statusInText(text: string): number | null {
  const found = /(?:error code|status(?: code)?|http)[:= ]+(\d{3})\b/i.exec(text);
  return found ? Number(found[1]) : null;
}

const byWords: [RegExp, Reason][] = [
  [/content_filter|ResponsibleAIPolicy|content management policy/i, 'content_filter'],
  [/context_length_exceeded|maximum context length/i, 'context_length'],
  [/RateLimit|too many requests/i, 'rate_limit'],
  [/Authentication|PermissionDenied|invalid.{0,12}api key/i, 'authentication'],
  [/Timeout|timed out/i, 'timeout'],
  [/APIConnection|ConnectError|ConnectionError|ECONNREFUSED|ECONNRESET|ENOTFOUND/i, 'connection'],
  [/DeploymentNotFound|NotFoundError/i, 'not_found'],
  [/BadRequest|UnprocessableEntity/i, 'bad_request'],
  [/InternalServerError|ServiceUnavailable/i, 'server_error'],
];

export function reasonOf(errorType: string, message: string, status: number | null): Reason {
  const text = `${errorType}\n${message}`;
  // The words are looked at before the status: a 400 may be the content filter.
  for (const [words, reason] of byWords) if (words.test(text)) return reason;
  if (status === 429) return 'rate_limit';
  if (status === 401 || status === 403) return 'authentication';
  if (status === 404) return 'not_found';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 400 || status === 422) return 'bad_request';
  if (status !== null && status >= 500) return 'server_error';
  return 'other';
}

function targetOf(span: Span): string | null {
  return span.deployment ?? span.tags['openai.request.model'] ?? span.model ?? null;
}

export function isModelCall(node: Node): boolean {
  return node.span.kind === 'llm' || node.span.kind === 'embedding';
}

function causeOf(node: Node): Cause {
  const caller = isModelCall(node) ? node : (nearestModelCall(node) ?? node);
  const requests = requestsOf(caller);
  const retries = retriesOf(caller);
  const message = node.span.error?.message ?? '';
  const errorType = node.span.error?.type ?? '';
  const last = requests.at(-1);
  const status = httpStatus(node.span) ?? statusInText(message) ??
    (last ? httpStatus(last.span) : null);
  return {
    reason: reasonOf(errorType, message, status),
    httpStatus: status,
    attempts: Math.max(1, requests.length, (retries?.count ?? 0) + 1),
    // From the end of the first attempt to the end of the call, where the attempts are known.
    retryNs: requests[0] && requests.length > 1 ? caller.endNs - requests[0].endNs
      : (retries?.waitedMs ?? 0) * 1e6,
    target: isModelCall(caller) ? targetOf(caller.span) : null,
    errorType,
    message,
    node,
  };
}

function nearestModelCall(node: Node): Node | null {
  for (let at = node.parent; at; at = at.parent) if (isModelCall(at)) return at;
  return null;
}

// The span that explains the failure: a failed model call if there is one, else the deepest.
function culpritOf(failed: Node[]): Node | undefined {
  const calls = failed.filter(isModelCall);
  const candidates = calls.length > 0 ? calls : failed;
  return candidates.reduce<Node | undefined>(
    (best, node) =>
      !best || node.depth > best.depth || (node.depth === best.depth && node.endNs > best.endNs)
        ? node : best,
    undefined);
}

function slowestOf(tree: Tree, trace: Trace): Slow | null {
  if (tree.order.length < 2) return null;
  let best: Slow | null = null;
  for (const node of tree.order) {
    const share = selfNs(node) / Math.max(1, trace.duration_ns);
    if (node.parent && (!best || share > best.share)) best = { node, share };
  }
  if (!best || best.share < 0.3) return null;
  // The reader knows the model call, not the socket below it.
  const call = isModelCall(best.node) ? null : nearestModelCall(best.node);
  return { node: call ?? best.node, share: Math.min(1, best.share) };
}

function finish(node: Node): string {
  const value = node.span.metadata?.['finish_reason'];
  return typeof value === 'string' ? value : '';
}

// The call that lost the most time to tries that did not get through.
function retriedIn(tree: Tree): { cause: Cause; lostNs: number } | null {
  let worst: { cause: Cause; lostNs: number } | null = null;
  for (const node of tree.order.filter(isModelCall)) {
    const retries = retriesOf(node);
    if (!retries) continue;
    const lostNs = retries.waitedMs * 1e6;
    if (worst && worst.lostNs >= lostNs) continue;
    const { status } = retries;
    const reason = status === null ? 'connection' : reasonOf('', '', status);
    worst = { lostNs, cause: { ...causeOf(node), httpStatus: status, reason } };
  }
  return worst;
}

// A refused request below a call that succeeded was repeated: a retry, not a failure.
function wasRepeated(node: Node): boolean {
  if (httpStatus(node.span) === null && node.span.apm_type !== 'http') return false;
  return nearestModelCall(node)?.span.status === 'ok';
}

export function verdictOf(trace: Trace, tree: Tree): Verdict {
  const slow = slowestOf(tree, trace);
  const failed = tree.order.filter(
    (node) => node.span.status === 'error' && !wasRepeated(node));
  const culprit = culpritOf(failed);
  if (culprit) {
    const rootFailed = tree.roots.some((root) => !root.orphan && root.span.status === 'error') ||
      tree.roots.every((root) => root.span.status === 'error');
    const chain = new Set<Node>([culprit]);
    for (let at = culprit.parent; at; at = at.parent) chain.add(at);
    const others = failed.filter(
      (node) => !chain.has(node) && nearestModelCall(node) !== culprit).length;
    const cause = causeOf(culprit);
    return rootFailed
      ? { kind: 'failed', tone: 'error', cause, others, slow }
      : { kind: 'failed_inside', tone: 'warn', cause, others, slow };
  }
  const retried = retriedIn(tree);
  if (retried) return { kind: 'retried', tone: 'warn', ...retried, slow };
  const filtered = tree.order.find((node) => finish(node).includes('content_filter'));
  if (filtered) return { kind: 'filtered', tone: 'warn', node: filtered, slow };
  const cutShort = tree.order.find((node) => finish(node).split(',').includes('length'));
  if (cutShort) return { kind: 'cut_short', tone: 'warn', node: cutShort, slow };
  return { kind: 'fine', tone: 'ok', slow };
}
