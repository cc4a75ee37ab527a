// What Azure did with a call: content filter, refusal, rate limit, retries, first token. From what
// our own tracer keeps in metadata.azure, else from the text of the error and the requests below
// the call. Pure; i18n turns it into sentences.
import type { Span } from '../api/types';
import type { Node } from './tree';
import { type Bag, bag, number, type Retries, retriesOf } from './requests';

export const categories = [
  'hate', 'sexual', 'violence', 'self_harm', 'jailbreak', 'indirect_attack', 'profanity',
  'protected_material_text', 'protected_material_code', 'ungrounded_material',
] as const;

export interface FilterVerdict {
  side: 'prompt' | 'completion';
  category: string;
  filtered: boolean;
  severity: string | null;
  detected: boolean | null;
}

export interface AzureFacts {
  status: number | null;
  requestId: string | null;
  verdicts: FilterVerdict[];
  refusal: { code: string; categories: string[]; jailbreak: boolean } | null;
  // A deployment that was full or failed, and the status why; another one answered.
  spilled: { from: string; to: string; status: number | null } | null;
  retries: Retries | null;
  retryAfterMs: number | null;
  rateLimit: {
    remainingTokens: number | null; limitTokens: number | null;
    remainingRequests: number | null; limitRequests: number | null;
  } | null;
  firstTokenNs: number | null;
  perTokenNs: number | null;
}

export function verdictsOf(side: FilterVerdict['side'], results: Bag | null): FilterVerdict[] {
  return Object.entries(results ?? {}).flatMap(([category, value]) => {
    const result = bag(value);
    if (!result) return [];
    return [{
      side, category, filtered: result['filtered'] === true,
      severity: typeof result['severity'] === 'string' ? result['severity'] : null,
      detected: typeof result['detected'] === 'boolean' ? result['detected'] : null,
    }];
  });
}

const inError = /['"]([a-z_]+)['"]:\s*\{([^{}]*['"]filtered['"][^{}]*)\}/g;

// Clients print the refusal as Python or JSON: both are read, and nothing is run.
export function verdictsInText(text: string): FilterVerdict[] {
  const word = (inside: string, name: string) =>
    new RegExp(`['"]${name}['"]:\\s*['"]?(\\w+)`).exec(inside)?.[1]?.toLowerCase() ?? null;
  return [...text.slice(0, 20_000).matchAll(inError)].map(([, category = '', inside = '']) => {
    const detected = word(inside, 'detected');
    return {
      side: 'prompt' as const, category, filtered: word(inside, 'filtered') === 'true',
      severity: word(inside, 'severity'), detected: detected === null ? null : detected === 'true',
    };
  });
}

function refusalOf(span: Span, kept: Bag | null, verdicts: FilterVerdict[]): AzureFacts['refusal'] {
  const inner = bag(kept?.['inner_error']);
  const message = span.error?.message ?? '';
  const stopped = /content_filter|ResponsibleAIPolicy|content management policy/i.test(message);
  if (!inner && !stopped) return null;
  const named = Array.isArray(inner?.['categories'])
    ? inner['categories'].filter((c): c is string => typeof c === 'string') : [];
  const found = verdicts.filter((v) => v.side === 'prompt' && v.filtered).map((v) => v.category);
  const all = [...new Set([...named, ...found])];
  const code = typeof inner?.['code'] === 'string' && inner['code'] !== '' ? inner['code']
    : /ResponsibleAIPolicyViolation/.exec(message)?.[0] ?? 'content_filter';
  return { code, categories: all, jailbreak: inner?.['jailbreak'] === true ||
    all.includes('jailbreak') };
}

function rateLimitOf(kept: Bag | null): AzureFacts['rateLimit'] {
  const limits = bag(kept?.['rate_limit']);
  if (!limits) return null;
  return {
    remainingTokens: number(limits['remaining_tokens']), limitTokens: number(limits['limit_tokens']),
    remainingRequests: number(limits['remaining_requests']),
    limitRequests: number(limits['limit_requests']),
  };
}

function spilledOf(span: Span, kept: Bag | null): AzureFacts['spilled'] {
  const from = span.tags['azure.spilled_from'];
  if (!from) return null;
  return { from, to: span.tags['deployment'] ?? '', status: number(kept?.['spillover_status']) };
}

// "Please retry after 6 seconds"
function waitInText(message: string): number | null {
  const found = /retry after (\d+(?:\.\d+)?) (milli)?seconds?/i.exec(message);
  return found ? Number(found[1]) * (found[2] ? 1 : 1000) : null;
}

export function azureFacts(node: Node): AzureFacts | null {
  const { span } = node;
  if (span.kind !== 'llm' && span.kind !== 'embedding') return null;
  const kept = bag(span.metadata?.['azure']);
  const filter = bag(kept?.['content_filter']);
  const message = span.error?.message ?? '';
  const known = [
    ...verdictsOf('prompt', bag(filter?.['prompt'])),
    ...verdictsOf('completion', bag(filter?.['completion'])),
  ];
  const verdicts = known.length > 0 ? known : verdictsInText(message);
  const seconds = (name: string) => {
    const value = number(span.metrics[name]);
    return value === null ? null : value * 1e9;
  };
  const facts: AzureFacts = {
    status: number(kept?.['status']),
    requestId: typeof kept?.['request_id'] === 'string' ? kept['request_id'] : null,
    verdicts,
    refusal: refusalOf(span, kept, verdicts),
    spilled: spilledOf(span, kept),
    retries: retriesOf(node),
    retryAfterMs: number(kept?.['retry_after_ms']) ?? waitInText(message),
    rateLimit: rateLimitOf(kept),
    firstTokenNs: seconds('time_to_first_token'),
    perTokenNs: seconds('time_per_output_token'),
  };
  const empty = facts.verdicts.length === 0 && !facts.refusal && !facts.retries && !facts.spilled &&
    facts.retryAfterMs === null && !facts.rateLimit && facts.firstTokenNs === null &&
    !facts.requestId;
  return empty ? null : facts;
}
