// Changes of a list whose entries come back after they were removed: what went wrong, and what can
// be brought back.
import { type Accessor, createSignal } from 'solid-js';
import { problemWords } from '../parts/Notice';

export interface Removable<T> {
  problem: Accessor<string>;
  removed: Accessor<T | null>;
  change(work: () => Promise<unknown>): Promise<void>;
  remove(one: T): Promise<void>;
  undo(one: T): Promise<void>;
}

// What went wrong with the last change; after one that went well the list is read again.
export function createChange(refetch: () => unknown) {
  const [problem, setProblem] = createSignal('');
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setProblem('');
      void refetch();
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return { problem, setProblem, change };
}

export function createRemovable<T extends { id: string }>(
  api: { remove: (id: string) => Promise<unknown>; restore: (id: string) => Promise<unknown> },
  refetch: () => unknown,
): Removable<T> {
  const [removed, setRemoved] = createSignal<T | null>(null);
  const { problem, change } = createChange(refetch);
  return {
    problem, removed, change,
    remove: (one) => change(async () => {
      await api.remove(one.id);
      setRemoved(() => one);
    }),
    undo: (one) => change(async () => {
      await api.restore(one.id);
      setRemoved(null);
    }),
  };
}
