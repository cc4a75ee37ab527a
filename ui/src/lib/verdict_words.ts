// A verdict as one or two sentences in the reader's language.
import type { Formatter } from './format';
import type { KindWords, VerdictWords } from '../i18n/verdict';
import type { Node } from './tree';
import { spanTitle } from './names';
import { oneLine } from './text';
import type { Cause, Verdict } from './verdict';

const isMessage = (map: object, key: string): boolean => Object.hasOwn(map, key);

export function kindWord(t: KindWords, kind: string): string {
  return isMessage(t, kind) ? t[kind as keyof KindWords] : t.apm;
}

export function whereWords(t: VerdictWords, node: Node): string {
  const { span } = node;
  const model = span.kind === 'llm' && (span.deployment ?? span.model);
  const the = isMessage(t.the, span.kind)
    ? t.the[span.kind as keyof KindWords] : t.the.apm;
  return `${the} ${oneLine(spanTitle(span))}${model ? ` (${oneLine(model)})` : ''}`.trim();
}

function causeWords(t: VerdictWords, cause: Cause) {
  // An unknown reason is told in the words of the error itself.
  const own = oneLine(cause.message).slice(0, 160);
  return {
    status: cause.httpStatus === null ? '' : String(cause.httpStatus),
    reason: cause.reason === 'other' && own ? own : t.reasons[cause.reason],
    attempts: cause.attempts,
    target: cause.target ? oneLine(cause.target) : '',
    type: oneLine(cause.errorType),
    where: whereWords(t, cause.node),
  };
}

export function verdictWords(
  t: VerdictWords, f: Formatter, verdict: Verdict, durationNs: number,
): string[] {
  const words: string[] = [];
  switch (verdict.kind) {
    case 'failed':
      words.push(t.failed(causeWords(t, verdict.cause)));
      break;
    case 'failed_inside':
      words.push(t.failedInside(causeWords(t, verdict.cause)));
      break;
    case 'retried': {
      const cause = causeWords(t, verdict.cause);
      words.push(t.retried({
        retries: cause.attempts - 1,
        reason: [cause.status, cause.reason].filter(Boolean).join(' '),
        target: cause.target,
        lost: f.duration(verdict.lostNs),
        share: f.percent(verdict.lostNs / Math.max(1, durationNs)),
      }));
      break;
    }
    case 'filtered':
      words.push(t.filtered(whereWords(t, verdict.node)));
      break;
    case 'cut_short':
      words.push(t.cutShort(whereWords(t, verdict.node)));
      break;
    case 'fine':
      words.push(t.fine(f.duration(durationNs)));
      break;
  }
  if ((verdict.kind === 'failed' || verdict.kind === 'failed_inside') && verdict.others > 0) {
    words.push(t.others(verdict.others));
  }
  const retryNs = verdict.kind === 'failed' ? verdict.cause.retryNs : 0;
  if (retryNs > 0) {
    words.push(t.retryCost({
      lost: f.duration(retryNs), share: f.percent(retryNs / Math.max(1, durationNs)),
    }));
  } else if (verdict.slow && verdict.kind !== 'retried') {
    words.push(t.slow({
      share: f.percent(verdict.slow.share), where: whereWords(t, verdict.slow.node),
    }));
  }
  return words;
}
