// One event stream for the whole page, open while anybody listens. The browser reconnects by
// itself after a lost connection; a refusal (401, 503) closes it, so that is retried here.
import { createSignal } from 'solid-js';
import { key } from './client';
import type { Inserted } from './types';

type Listener = (event: Inserted) => void;

const retryMs = 5_000;
const listeners = new Set<Listener>();
const [connected, setConnected] = createSignal(false);
export { connected };

let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

function open(): void {
  const query = key() ? `?api_key=${encodeURIComponent(key())}` : '';
  source = new EventSource(`/api/v1/live${query}`);
  source.onopen = () => setConnected(true);
  source.addEventListener('inserted', (event) => {
    const inserted = parse(String((event as MessageEvent).data));
    if (inserted) for (const listener of [...listeners]) listener(inserted);
  });
  source.onerror = () => {
    setConnected(false);
    if (source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(retry);
    retry = setTimeout(() => {
      if (listeners.size > 0) open();
    }, retryMs);
  };
}

function parse(data: string): Inserted | undefined {
  try {
    return JSON.parse(data) as Inserted;
  } catch {
    return undefined;
  }
}

// Returns the function that stops listening; the last to stop closes the stream.
export function onInserted(listener: Listener): () => void {
  listeners.add(listener);
  if (!source || source.readyState === EventSource.CLOSED) open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(retry);
    source?.close();
    source = undefined;
    setConnected(false);
  };
}
