// Dark and light follow the system until the reader chooses; the choice stays in this browser.
import { createSignal } from 'solid-js';

export type Theme = 'system' | 'dark' | 'light';
const storageKey = 'catalejo.theme';
const [theme, setSignal] = createSignal<Theme>('system');
export { theme };

function apply(value: Theme): void {
  if (value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = value;
  setSignal(value);
}

export function startTheme(): void {
  const kept = localStorage.getItem(storageKey);
  apply(kept === 'dark' || kept === 'light' ? kept : 'system');
}

export function setTheme(value: Theme): void {
  if (value === 'system') localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, value);
  apply(value);
}
