// The lines of a large trace on the page: fetched while they are looked at, one request at a time.
import { type Accessor, batch, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import { api, type Problem } from '../api/client';
import type { TraceLines } from '../api/types';
import { allOpen, flip, type Folds, foldParameters, pageLines, Windows } from '../lib/windows';

export interface TraceWindow {
  lines: Accessor<Windows>;
  folds: Accessor<Folds>;
  problem: Accessor<Problem | null>;
  // What is looked at now.
  want(first: number, last: number): void;
  fold(folds: Folds): void;
  // The line of a span, opening what hides it.
  reveal(spanId: string): Promise<number | null>;
}

export function createTraceWindow(
  id: Accessor<string>, totalSpans: Accessor<number>,
): TraceWindow {
  const [lines, setLines] = createSignal(
    new Windows(untrack(totalSpans), untrack(totalSpans)), { equals: false });
  const [folds, setFolds] = createSignal<Folds>(allOpen);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  let wanted: [number, number] = [0, pageLines];
  let control = new AbortController();
  let asking = false;

  const ask = (parameters: Record<string, string>): Promise<TraceLines> => {
    const query = foldParameters(folds());
    for (const [name, value] of Object.entries(parameters)) query.set(name, value);
    return api.traceLines(id(), query, control.signal);
  };
  const fetchMissing = async () => {
    if (asking) return;
    asking = true;
    const mine = control;
    try {
      for (let page = lines().missing(...wanted); page !== null && mine === control;
        page = lines().missing(...wanted)) {
        const answer = await ask({ from: String(page * pageLines), limit: String(pageLines) });
        if (mine !== control) break;
        setLines(lines().with(answer));
        setProblem(null);
      }
    } catch (error) {
      if (!mine.signal.aborted) setProblem(error as Problem);
    } finally {
      asking = false;
    }
    if (mine !== control) void fetchMissing();
  };
  const restart = () => {
    control.abort();
    control = new AbortController();
    setLines(new Windows(lines().length, -1));
    void fetchMissing();
  };
  const fold = (next: Folds) => {
    setFolds(next);
    restart();
  };
  const reveal = async (spanId: string): Promise<number | null> => {
    const here = lines().indexOf(spanId);
    if (here !== null) return here;
    try {
      let answer = await ask({ around: spanId, limit: '1' });
      if (answer.line === null && answer.closed.length > 0) {
        fold(flip(folds(), answer.closed));
        answer = await ask({ around: spanId, limit: '1' });
      }
      return answer.line;
    } catch {
      // The window that is fetched next says what is wrong.
      return null;
    }
  };
  createEffect(on(() => [id(), totalSpans()], () => untrack(() => batch(() => {
    setLines(new Windows(totalSpans(), -1));
    restart();
  }))));
  onCleanup(() => control.abort());
  return {
    lines, folds, problem, fold, reveal,
    want: (first, last) => {
      wanted = [first, last];
      // eslint-disable-next-line solid/reactivity -- run by an event, where reading is not tracking
      if (untrack(lines).missing(first, last) !== null) queueMicrotask(() => void fetchMissing());
    },
  };
}
