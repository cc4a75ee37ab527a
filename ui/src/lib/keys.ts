// Shortcuts of one part of a page, active while it is mounted. The part mounted last is asked
// first; a shortcut is ignored while the reader types, and with Ctrl, Alt or Meta held. "g t" is
// g and then t, within a second and a half.
import { onCleanup, onMount } from 'solid-js';

export type Shortcuts = Record<string, (event: KeyboardEvent) => unknown>;
const layers: Shortcuts[] = [];
const chordMs = 1_500;
let prefix: { key: string; at: number } | null = null;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function startsChord(key: string): boolean {
  return layers.some((layer) => Object.keys(layer).some((name) => name.startsWith(`${key} `)));
}

// On many keyboards signs like [ are written with AltGr or Option: then it is the sign that counts.
function isCommand(event: KeyboardEvent): boolean {
  if (event.metaKey) return true;
  const isSign = event.key.length === 1 && !/[\p{L}\p{N}]/u.test(event.key);
  if (isSign && (event.getModifierState('AltGraph') || (event.altKey && !event.ctrlKey))) return false;
  return event.ctrlKey || event.altKey;
}

// The name the pressed keys have together with a prefix still waiting.
function nameOf(event: KeyboardEvent): string {
  const waiting = prefix && event.timeStamp - prefix.at < chordMs ? `${prefix.key} ` : '';
  prefix = null;
  return waiting + event.key;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || isCommand(event)) return;
  if (event.key === 'Shift' || event.key === 'AltGraph' || event.key === 'Alt') return;
  if (isTyping(event.target) && event.key !== 'Escape') return;
  if (document.querySelector('dialog[open]')) return;
  const name = nameOf(event);
  for (const layer of [...layers].reverse()) {
    const action = layer[name];
    // false means "not mine": the next layer is asked.
    if (action && action(event) !== false) {
      event.preventDefault();
      return;
    }
  }
  if (!name.includes(' ') && startsChord(event.key)) {
    prefix = { key: event.key, at: event.timeStamp };
  }
}

// How many rows a key moves by in a list, far beyond its ends for Home and End.
function stepOfKey(event: KeyboardEvent): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -1e9, End: 1e9,
  };
  return event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.key];
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

interface ListKeys {
  move: (by: number) => void;
  // These tell whether there was a row to do it with.
  open: () => boolean;
  toggle: () => boolean;
  reach: () => boolean;
}

// j, k, x, X, and Enter where no control has it. Gives what the list itself listens to: arrows.
export function useListKeys(list: ListKeys): (event: KeyboardEvent) => void {
  useShortcuts({
    j: () => list.move(1), k: () => list.move(-1), x: list.toggle, X: list.reach,
    Enter: (event) => event.target instanceof HTMLElement &&
      event.target.closest('button,a,summary') ? false : list.open(),
  });
  return (event) => {
    const by = stepOfKey(event);
    if (by === undefined) return;
    event.preventDefault();
    list.move(by);
  };
}

// Ctrl-K and ⌘K: also while typing, but not over an open dialog.
export function useCommandKey(open: () => void): void {
  const onCommand = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (!document.querySelector('dialog[open]')) open();
  };
  onMount(() => document.addEventListener('keydown', onCommand));
  onCleanup(() => document.removeEventListener('keydown', onCommand));
}
