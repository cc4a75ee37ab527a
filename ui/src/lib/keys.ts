// Shortcuts of one part of a page, active while it is mounted. The part mounted last is asked
// first; a shortcut is ignored while the reader types, and with Ctrl, Alt or Meta held.
import { onCleanup, onMount } from 'solid-js';

export type Shortcuts = Record<string, (event: KeyboardEvent) => unknown>;
const layers: Shortcuts[] = [];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target) && event.key !== 'Escape') return;
  if (document.querySelector('dialog[open]')) return;
  for (const layer of [...layers].reverse()) {
    const action = layer[event.key];
    // false means "not mine": the next layer is asked.
    if (action && action(event) !== false) {
      event.preventDefault();
      return;
    }
  }
}

export function useShortcuts(shortcuts: Shortcuts): void {
  onMount(() => {
    if (layers.length === 0) document.addEventListener('keydown', onKey);
    layers.push(shortcuts);
  });
  onCleanup(() => {
    const at = layers.indexOf(shortcuts);
    if (at >= 0) layers.splice(at, 1);
    if (layers.length === 0) document.removeEventListener('keydown', onKey);
  });
}
