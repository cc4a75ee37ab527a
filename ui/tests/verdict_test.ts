import { describe, expect, it } from 'vitest';
import type { Span } from '../src/api/types';
import { tVerdict } from '../src/i18n/verdict';
import { formatterOf } from '../src/lib/format';
import { buildTree } from '../src/lib/tree';
import { failureOf, reasonOf, verdictOf } from '../src/lib/verdict';
import { verdictWords } from '../src/lib/verdict_words';
import { makeSpan, makeTrace } from './make';

function words(spans: Span[], lengthMs = 1000, language: 'en' | 'es' = 'en'): string {
  const trace = makeTrace(spans, lengthMs);
  const verdict = verdictOf(trace, buildTree(trace));
  return verdictWords(tVerdict.texts[language], formatterOf(language), verdict,
    trace.duration_ns).join(' ').replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ');
}

const http = (id: string, parent: string, startMs: number, status: number, lengthMs = 10) =>
  makeSpan(id, parent, startMs, lengthMs, {
    kind: '', halves: 'apm', apm_type: 'http', status: status >= 400 ? 'error' : 'ok',
    tags: { 'http.status_code': String(status) },
  });
const limited = { type: 'openai.RateLimitError', message: 'Error code: 429 - …', stack: null };
const call = { kind: 'llm', name: 'AzureOpenAI.createChatCompletion', deployment: 'gpt4o-weu' };

describe('the verdict sentence', () => {
  it('tells a rate limit, its attempts, its deployment and what the retries took', () => {
    const spans = [
      makeSpan('1', null, 0, 1000, { status: 'error', error: limited }),
      makeSpan('2', '1', 0, 1000, { ...call, status: 'error', error: limited }),
      http('3', '2', 0, 429), http('4', '2', 400, 429), http('5', '2', 990, 429),
    ];
    expect(words(spans)).toBe('Failed: 429 rate limit after 3 attempts on deployment gpt4o-weu ' +
      '(openai.RateLimitError). The retries took 990 ms, 99% of the total.');
    expect(words(spans, 1000, 'es')).toBe('Ha fallado: 429, límite de peticiones tras 3 intentos ' +
      'en la implementación gpt4o-weu (openai.RateLimitError). ' +
      'Los reintentos costaron 990 ms, el 99 % del total.');
  });

  it('says that a trace finished although a step failed inside', () => {
    expect(words([
      makeSpan('1', null, 0, 1000, { kind: 'agent', name: 'helper' }),
      makeSpan('2', '1', 0, 100, {
        kind: 'tool', name: 'lookup', status: 'error',
        error: { type: 'TimeoutError', message: 'timed out', stack: null },
      }),
    ])).toMatch(/^Finished, but the tool lookup failed inside: timed out \(TimeoutError\)\./);
  });

  it('counts retries that ended well and the time they cost', () => {
    expect(words([
      makeSpan('1', null, 0, 1000, call), http('2', '1', 0, 429), http('3', '1', 600, 200, 400),
    ])).toBe('Answered, but only after 1 retry (429 rate limit) on deployment gpt4o-weu; ' +
      '600 ms of waiting, 60% of the total.');
  });

  it('knows them from our own tracer, which makes no span of a refused request', () => {
    const azure = { retries: 2, retry_ms: 750, retry_status: 429 };
    expect(words([makeSpan('1', null, 0, 1000, { ...call, metadata: { azure } })])).toBe(
      'Answered, but only after 2 retries (429 rate limit) on deployment gpt4o-weu; ' +
      '750 ms of waiting, 75% of the total.');
    const lost = { retries: 1, retry_ms: 500 };
    expect(words([makeSpan('1', null, 0, 1000, { ...call, metadata: { azure: lost } })]))
      .toContain('after 1 retry (could not connect)');
    const gaveUp = makeSpan('1', null, 0, 1000,
      { ...call, status: 'error', error: limited, metadata: { azure } });
    expect(words([gaveUp])).toBe('Failed: 429 rate limit after 3 attempts on deployment ' +
      'gpt4o-weu (openai.RateLimitError). The retries took 750 ms, 75% of the total.');
  });

  it('tells the content filter from any other refused request', () => {
    expect(words([makeSpan('1', null, 0, 10, {
      ...call, status: 'error', error: {
        type: 'openai.BadRequestError', stack: null,
        message: "Error code: 400 - {'error': {'code': 'content_filter'}}",
      },
    })])).toMatch(/^Failed: 400 stopped by the Azure content filter on deployment gpt4o-weu/);
  });

  it('notices an answer that the filter stopped or the token limit cut, though all is well', () => {
    const finished = (reason: string) =>
      words([makeSpan('1', null, 0, 10, { ...call, metadata: { finish_reason: reason } })]);
    expect(finished('content_filter')).toMatch(/the content filter stopped the answer/);
    expect(finished('stop,length')).toMatch(/cut at its token limit/);
    expect(finished('stop')).toBe('Succeeded in 1 s.');
  });

  it('names the span that took most of the time', () => {
    expect(words([
      makeSpan('1', null, 0, 1000, { kind: 'workflow' }), makeSpan('2', '1', 0, 800, call),
    ])).toBe('Succeeded in 1 s. 80% of the time went to the LLM call createChatCompletion ' +
      '(gpt4o-weu).');
  });

  it('uses the words of the error when it knows no better', () => {
    expect(words([makeSpan('1', null, 0, 10, {
      kind: 'tool', name: 'sum', status: 'error',
      error: { type: 'ValueError', message: 'no\nnumber', stack: null },
    })])).toBe('Failed: no number in the tool sum (ValueError).');
  });

  it('survives a failed span without any error', () => {
    expect(words([makeSpan('1', null, 0, 10, { status: 'error', name: 'x' })]))
      .toBe('Failed: error in the task x.');
  });
});

describe('a failure of which only type and message are known', () => {
  it('is told by the service’s own words', () => {
    expect(failureOf('openai.RateLimitError',
      "Error code: 429 - {'error': {'code': '429', 'message': 'Please retry after 6 s.'}}"))
      .toEqual({ reason: 'rate_limit', httpStatus: 429, message: 'Please retry after 6 s.' });
    expect(failureOf('X', 'plain words')).toMatchObject({ httpStatus: null, message: 'plain words' });
    expect(failureOf('X', '{"message": "it\'s \\"odd", "a": 1}').message).toContain("it's");
  });
});

describe('the reason of a failure', () => {
  for (const [type, message, status, expected] of [
    ['openai.AuthenticationError', '', 401, 'authentication'],
    ['openai.APITimeoutError', 'Request timed out.', null, 'timeout'],
    ['openai.APIConnectionError', 'Connection error.', null, 'connection'],
    ['openai.NotFoundError', 'DeploymentNotFound', 404, 'not_found'],
    ['openai.BadRequestError', 'context_length_exceeded', 400, 'context_length'],
    ['openai.BadRequestError', 'bad', 400, 'bad_request'],
    ['', '', 503, 'server_error'],
    ['', '', 429, 'rate_limit'],
    ['KeyError', "'x'", null, 'other'],
  ] as const) {
    it(`of ${type || status} "${message}" is ${expected}`, () => {
      expect(reasonOf(type, message, status)).toBe(expected);
    });
  }
});
