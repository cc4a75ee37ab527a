// The span picked to be compared with another one; kept while this browser tab lives, so that the
// other may be in another trace.
import { createSignal } from 'solid-js';

export interface Picked {
  traceId: string;
  spanId: string;
  name: string;
}

const storageKey = 'catalejo.picked';

function kept(): Picked | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    return typeof value === 'object' && value !== null &&
      ['traceId', 'spanId', 'name'].every((k) => typeof (value as Record<string, unknown>)[k] === 'string')
      ? value as Picked : null;
  } catch {
    return null;
  }
}

const [picked, setSignal] = createSignal<Picked | null>(kept());
export { picked };

export function pick(value: Picked | null): void {
  if (value) sessionStorage.setItem(storageKey, JSON.stringify(value));
  else sessionStorage.removeItem(storageKey);
  setSignal(value);
}

// "trace:span" as it stands in an address.
export function parsePicked(text: string | null): { traceId: string; spanId: string } | null {
  const found = /^([0-9a-f]{1,39}):(\d{1,20})$/.exec(text ?? '');
  return found?.[1] && found[2] ? { traceId: found[1], spanId: found[2] } : null;
}
