// What a page asks for again and again: the newest answer, and why there is none. A failed request
// leaves the answer before it on the page, and rows keep their identity, so that a focus stays.
import { createSignal, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';

export interface Fresh<T> {
  value: () => T | null;
  problem: () => Error | null;
  again: () => Promise<void>;
}

export function createFresh<T extends object>(ask: () => Promise<T>): Fresh<T> {
  const [held, hold] = createStore<{ value: T | null }>({ value: null });
  const [problem, setProblem] = createSignal<Error | null>(null);
  let asked = 0;
  const again = async () => {
    const mine = ++asked;
    try {
      const value = await ask();
      // A slow answer to an older question is none.
      if (mine !== asked) return;
      hold('value', reconcile<T | null, T | null>(value));
      setProblem(null);
    } catch (error) {
      if (mine === asked) setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  onCleanup(() => { asked = -1; });
  return { value: () => held.value, problem, again };
}

// While the page is looked at.
export function every(ms: number, work: () => void): void {
  const timer = setInterval(() => { if (!document.hidden) work(); }, ms);
  onCleanup(() => { clearInterval(timer); });
}
