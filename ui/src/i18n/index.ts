// The reader's language: ?lang in the address, then what was chosen before, then the browser's.
import { createMemo, createRoot, createSignal } from 'solid-js';
import { formatterOf } from '../lib/format';
import { en, type Messages } from './en';
import { es } from './es';

export const languages = { en, es } satisfies Record<string, Messages>;
export type Language = keyof typeof languages;

const storageKey = 'catalejo.language';

export function isLanguage(value: string | null | undefined): value is Language {
  return value !== null && value !== undefined && Object.hasOwn(languages, value);
}

export function chooseLanguage(
  asked: string | null, kept: string | null, offered: readonly string[],
): Language {
  if (isLanguage(asked)) return asked;
  if (isLanguage(kept)) return kept;
  for (const tag of offered) {
    const base = tag.toLowerCase().split('-')[0];
    if (isLanguage(base)) return base;
  }
  return 'en';
}

const [language, setSignal] = createSignal<Language>('en');
export { language };

export function startLanguage(): void {
  const asked = new URLSearchParams(location.search).get('lang');
  apply(chooseLanguage(asked, localStorage.getItem(storageKey), navigator.languages));
}

function apply(value: Language): void {
  document.documentElement.lang = value;
  setSignal(value);
}

export function setLanguage(value: Language): void {
  localStorage.setItem(storageKey, value);
  apply(value);
}

// Numbers and dates follow the browser's region when it speaks the chosen language ("es-MX").
function localeFor(value: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === value) ?? value;
}

/* eslint-disable solid/reactivity -- both live as long as the page and are read by calling */
export const t = createRoot(() => createMemo<Messages>(() => languages[language()]));
export const f = createRoot(() => createMemo(() => formatterOf(localeFor(language()))));
/* eslint-enable solid/reactivity */
export type { Messages };
