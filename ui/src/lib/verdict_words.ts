// A verdict as one or two sentences in the reader's language.
import type { Formatter } from './format';
import type { Messages } from '../i18n/en';
import type { Node } from './tree';
import { spanTitle } from './names';
import { oneLine } from './text';
import type { Cause, Verdict } from './verdict';

const isMessage = (map: object, key: string): boolean => Object.hasOwn(map, key);

export function kindWord(t: Messages, kind: string): string {
  return isMessage(t.kinds, kind) ? t.kinds[kind as keyof Messages['kinds']] : t.kinds.apm;
}

export function whereWords(t: Messages, node: Node): string {
  const { span } = node;
  const model = span.kind === 'llm' && (span.deployment ?? span.model);
  const the = isMessage(t.verdict.the, span.kind)
    ? t.verdict.the[span.kind as keyof Messages['kinds']] : t.verdict.the.apm;
  return `${the} ${oneLine(spanTitle(span))}${model ? ` (${oneLine(model)})` : ''}`.trim();
}

function causeWords(t: Messages, cause: Cause) {
  // An unknown reason is told in the words of the error itself.
  const own = oneLine(cause.message).slice(0, 160);
  return {
    status: cause.httpStatus === null ? '' : String(cause.httpStatus),
    reason: cause.reason === 'other' && own ? own : t.verdict.reasons[cause.reason],
    attempts: cause.attempts,
    target: cause.target ? oneLine(cause.target) : '',
    type: oneLine(cause.errorType),
    where: whereWords(t, cause.node),
  };
}

export function verdictWords(
  t: Messages, f: Formatter, verdict: Verdict, durationNs: number,
): string[] {
  const words: string[] = [];
  switch (verdict.kind) {
    case 'failed':
      words.push(t.verdict.failed(causeWords(t, verdict.cause)));
      break;
    case 'failed_inside':
      words.push(t.verdict.failedInside(causeWords(t, verdict.cause)));
      break;
    case 'retried': {
      const cause = causeWords(t, verdict.cause);
      words.push(t.verdict.retried({
        retries: cause.attempts - 1,
        reason: [cause.status, cause.reason].filter(Boolean).join(' '),
        target: cause.target,
        lost: f.duration(verdict.lostNs),
        share: f.percent(verdict.lostNs / Math.max(1, durationNs)),
      }));
      break;
    }
    case 'filtered':
      words.push(t.verdict.filtered(whereWords(t, verdict.node)));
      break;
    case 'cut_short':
      words.push(t.verdict.cutShort(whereWords(t, verdict.node)));
      break;
    case 'fine':
      words.push(t.verdict.fine(f.duration(durationNs)));
      break;
  }
  if ((verdict.kind === 'failed' || verdict.kind === 'failed_inside') && verdict.others > 0) {
    words.push(t.verdict.others(verdict.others));
  }
  const retryNs = verdict.kind === 'failed' ? verdict.cause.retryNs : 0;
  if (retryNs > 0) {
    words.push(t.verdict.retryCost({
      lost: f.duration(retryNs), share: f.percent(retryNs / Math.max(1, durationNs)),
    }));
  } else if (verdict.slow && verdict.kind !== 'retried') {
    words.push(t.verdict.slow({
      share: f.percent(verdict.slow.share), where: whereWords(t, verdict.slow.node),
    }));
  }
  return words;
}
