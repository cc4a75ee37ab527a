// The reader's language: ?lang in the address, then what was chosen before, then the browser's;
// and how the areas of the page say things in it.
import { createSignal } from 'solid-js';
import { type Formatter, formatterOf } from '../lib/format';

export const languages = { en: 'English', es: 'Español' };
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

const formatters: Partial<Record<Language, Formatter>> = {};
export const f = (): Formatter =>
  formatters[language()] ??= formatterOf(localeFor(language()));

// The shape of the English texts is the contract: Spanish does not compile without every key.
// Functions receive numbers already formatted, plus the count where grammar needs it.
export interface Words<T> {
  (): T;
  texts: Record<Language, T>;
}

// The texts of one area in the reader's language. An area is a module of its own, so that its
// texts load with the pages that show them.
export function words<T>(en: T, es: T): Words<T> {
  const texts = { en, es };
  const say = () => texts[language()];
  return Object.assign(say, { texts });
}

export const plural = (count: number, one: string, many: string): string =>
  (count === 1 ? one : many);
