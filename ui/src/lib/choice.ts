// Rows chosen in a list: some of them by their keys, or everything that matches its filters.
import { type Accessor, batch, createSignal } from 'solid-js';

type KeyOf<T> = (row: T) => string;

export interface Choice<T> {
  rows: Accessor<T[]>;
  // Everything that matches, whether it is shown or not.
  everything: Accessor<boolean>;
  has(row: T): boolean;
  toggle(row: T): void;
  // From the row that was chosen last to this one, both with what lies between.
  reach(row: T): void;
  allShown(): void;
  chooseEverything(): void;
  clear(): void;
}

// The rows from one key to another, in the order of the list; only the second where the first is
// not there.
export function between<T>(
  rows: readonly T[], from: string | null, to: string, keyOf: KeyOf<T>,
): T[] {
  const end = rows.findIndex((row) => keyOf(row) === to);
  const start = rows.findIndex((row) => keyOf(row) === from);
  if (end < 0) return [];
  if (start < 0) return rows.slice(end, end + 1);
  return rows.slice(Math.min(start, end), Math.max(start, end) + 1);
}

export function createChoice<T>(shown: Accessor<T[]>, keyOf: KeyOf<T>): Choice<T> {
  const [chosen, setChosen] = createSignal<ReadonlyMap<string, T>>(new Map());
  const [everything, setEverything] = createSignal(false);
  let last: string | null = null;
  const put = (rows: T[]) => batch(() => {
    setEverything(false);
    setChosen(new Map([...chosen(), ...rows.map((row) => [keyOf(row), row] as const)]));
  });
  return {
    rows: () => [...chosen().values()],
    everything,
    has: (row) => everything() || chosen().has(keyOf(row)),
    toggle(row) {
      last = keyOf(row);
      if (!chosen().has(last)) {
        put([row]);
        return;
      }
      const rest = new Map(chosen());
      rest.delete(last);
      batch(() => { setEverything(false); setChosen(rest); });
    },
    reach(row) {
      put(between(shown(), last, keyOf(row), keyOf));
      last = keyOf(row);
    },
    allShown: () => put(shown()),
    chooseEverything: () => batch(() => { put(shown()); setEverything(true); }),
    clear: () => batch(() => { last = null; setEverything(false); setChosen(new Map()); }),
  };
}
