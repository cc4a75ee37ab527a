// What the browser's tab and a screen reader call the page.
import { createEffect, onCleanup } from 'solid-js';

export function useTitle(name: () => string): void {
  createEffect(() => { document.title = `${name()} – Catalejo`; });
  onCleanup(() => { document.title = 'Catalejo'; });
}
