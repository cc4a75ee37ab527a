// How the reader wants to see what models and people wrote; kept in this browser.
import { createSignal } from 'solid-js';

export const textModes = ['markdown', 'plain', 'raw'] as const;
export type TextMode = (typeof textModes)[number];

const storageKey = 'catalejo.text';
const kept = globalThis.localStorage?.getItem(storageKey);
const [textMode, setSignal] = createSignal<TextMode>(
  textModes.find((mode) => mode === kept) ?? 'markdown');
export { textMode };

export function setTextMode(mode: TextMode): void {
  localStorage.setItem(storageKey, mode);
  setSignal(mode);
}

// Above this a text is shown plain: laying out so many paragraphs would freeze the page.
export const markdownCharsMax = 60_000;

// Only text that has marks gains from being laid out; the rest stays exactly as it was written.
const marks =
  /(^|\n)\s{0,3}(#{1,6}\s|[-*+]\s|\d{1,3}[.)]\s|>\s|```|~~~|\|.+\|)|\*\*\S|`[^`\n]+`|\]\([^)\s]+\)/;

export function hasMarkdown(text: string): boolean {
  return text.length <= markdownCharsMax && marks.test(text);
}
