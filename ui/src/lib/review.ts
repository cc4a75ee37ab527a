// What a reviewer has chosen so far, as pure functions; drafts outlive a reload in this browser.
import type { Label, LabelValue, Value } from '../api/queues';

export interface Chosen { value?: Value; reasoning?: string }
export type Draft = Record<string, Chosen>;

// What the digits of a label choose, in their order; none for what is typed.
export function choicesOf(label: Label): Value[] {
  if (label.type === 'boolean') return [true, false];
  if (label.type === 'categorical') return label.values ?? [];
  if (label.type !== 'score') return [];
  const { min, max } = label;
  const step = label.step ?? (label.is_integer ? 1 : undefined);
  if (min === undefined || max === undefined || step === undefined) return [];
  const count = Math.floor((max - min) / step + 1e-9) + 1;
  // More than a row of keys is typed.
  if (count > 11) return [];
  return Array.from({ length: count }, (_, i) => Number((min + i * step).toPrecision(12)));
}

export function isChosen(label: Label, chosen: Chosen | undefined, choice: Value): boolean {
  const value = chosen?.value;
  return label.multiple && Array.isArray(value) ? value.includes(String(choice)) : value === choice;
}

// Choosing what is chosen takes it back.
export function choose(label: Label, chosen: Chosen | undefined, choice: Value): Chosen {
  const { value: before, ...rest } = chosen ?? {};
  if (label.multiple) {
    const had = Array.isArray(before) ? before : [];
    const text = String(choice);
    const now = had.includes(text) ? had.filter((one) => one !== text) : [...had, text];
    return now.length > 0 ? { ...rest, value: now } : rest;
  }
  return before === choice ? rest : { ...rest, value: choice };
}

export function missingLabel(labels: Label[], draft: Draft): Label | undefined {
  return labels.find((label) => label.is_required && draft[label.id ?? '']?.value === undefined);
}

export function valuesOf(labels: Label[], draft: Draft): LabelValue[] {
  return labels.flatMap((label): LabelValue[] => {
    const chosen = draft[label.id ?? ''];
    if (chosen?.value === undefined) return [];
    return [{ label_schema_id: label.id ?? '', value: chosen.value,
      ...(label.has_reasoning && chosen.reasoning ? { reasoning: chosen.reasoning } : {}) }];
  });
}

export function draftOf(values: LabelValue[]): Draft {
  return Object.fromEntries(values.map((one) => [one.label_schema_id,
    { value: one.value, ...(one.reasoning ? { reasoning: one.reasoning } : {}) }]));
}

const prefix = 'catalejo.draft:';
const placeOf = (queue: string, item: string, who: string) => `${prefix}${queue}:${item}:${who}`;

export function keptDraft(queue: string, item: string, who: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(placeOf(queue, item, who)) ?? 'null');
    return typeof kept === 'object' && kept !== null ? kept as Draft : null;
  } catch {
    return null;
  }
}

export function keepDraft(queue: string, item: string, who: string, draft: Draft | null): void {
  const place = placeOf(queue, item, who);
  if (draft === null || Object.keys(draft).length === 0) localStorage.removeItem(place);
  else localStorage.setItem(place, JSON.stringify(draft));
}
