// Rows chosen in a list: some of them by their keys, or everything that matches its filters.
import { type Accessor, batch, createSignal } from 'solid-js';
import type { Row } from '../api/types';
import { rowKey } from './rows';

export interface Choice {
  rows: Accessor<Row[]>;
  // Everything that matches, whether it is shown or not.
  everything: Accessor<boolean>;
  has(row: Row): boolean;
  toggle(row: Row): void;
  // From the row that was chosen last to this one, both with what lies between.
  reach(row: Row): void;
  allShown(): void;
  chooseEverything(): void;
  clear(): void;
}

// The rows from one key to another, in the order of the list; only the second where the first is
// not there.
export function between(rows: readonly Row[], from: string | null, to: string): Row[] {
  const end = rows.findIndex((row) => rowKey(row) === to);
  const start = rows.findIndex((row) => rowKey(row) === from);
  if (end < 0) return [];
  if (start < 0) return rows.slice(end, end + 1);
  return rows.slice(Math.min(start, end), Math.max(start, end) + 1);
}

export function createChoice(shown: Accessor<Row[]>): Choice {
  const [chosen, setChosen] = createSignal<ReadonlyMap<string, Row>>(new Map());
  const [everything, setEverything] = createSignal(false);
  let last: string | null = null;
  const put = (rows: Row[]) => batch(() => {
    setEverything(false);
    setChosen(new Map([...chosen(), ...rows.map((row) => [rowKey(row), row] as const)]));
  });
  return {
    rows: () => [...chosen().values()],
    everything,
    has: (row) => everything() || chosen().has(rowKey(row)),
    toggle(row) {
      last = rowKey(row);
      if (!chosen().has(last)) {
        put([row]);
        return;
      }
      const rest = new Map(chosen());
      rest.delete(last);
      batch(() => { setEverything(false); setChosen(rest); });
    },
    reach(row) {
      put(between(shown(), last, rowKey(row)));
      last = rowKey(row);
    },
    allShown: () => put(shown()),
    chooseEverything: () => batch(() => { put(shown()); setEverything(true); }),
    clear: () => batch(() => { last = null; setEverything(false); setChosen(new Map()); }),
  };
}
