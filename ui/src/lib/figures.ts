// Figures that may not be known.
import { f } from '../i18n/language';

export const share = (value: number | null): string => (value === null ? '—' : f().percent(value));
// Of agreement, three digits.
export const coefficient = (value: number | null): string =>
  (value === null ? '—' : f().number(Number(value.toFixed(3))));
