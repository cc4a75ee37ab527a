// What the reader is called, so that others see who kept a view or gave a judgement. Asked once,
// kept in this browser.
import { createSignal } from 'solid-js';

const storageKey = 'catalejo.author';
const [author, setSignal] = createSignal(localStorage.getItem(storageKey) ?? '');
export { author };

export function setAuthor(name: string): void {
  const kept = name.trim().slice(0, 80);
  localStorage.setItem(storageKey, kept);
  setSignal(kept);
}
