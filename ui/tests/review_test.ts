import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Label } from '../src/api/queues';
import type { Row } from '../src/api/types';
import { between, createChoice } from '../src/lib/choice';
import { rowKey } from '../src/lib/rows';
import {
  choicesOf, choose, draftOf, isChosen, keepDraft, keptDraft, missingLabel, valuesOf,
} from '../src/lib/review';

const tone: Label = { id: 't', name: 'tone', type: 'categorical', values: ['kind', 'rude'] };
const topics: Label = { ...tone, id: 'm', multiple: true };

describe('what the digits choose', () => {
  it('are the choices of a label in their order', () => {
    expect(choicesOf({ id: 'b', name: 'b', type: 'boolean' })).toEqual([true, false]);
    expect(choicesOf(tone)).toEqual(['kind', 'rude']);
    const score: Label = { id: 's', name: 's', type: 'score', min: 0, max: 0.3, step: 0.1 };
    expect(choicesOf(score)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(choicesOf({ ...score, max: 100 })).toEqual([]);
    expect(choicesOf({ id: 'w', name: 'w', type: 'text' })).toEqual([]);
  });

  it('choose, and take back what is chosen', () => {
    const one = choose(tone, undefined, 'kind');
    expect(one).toEqual({ value: 'kind' });
    expect(choose(tone, one, 'rude')).toEqual({ value: 'rude' });
    expect(choose(tone, { ...one, reasoning: 'why' }, 'kind')).toEqual({ reasoning: 'why' });
    const both = choose(topics, choose(topics, undefined, 'kind'), 'rude');
    expect(both).toEqual({ value: ['kind', 'rude'] });
    expect(isChosen(topics, both, 'rude')).toBe(true);
    expect(choose(topics, { value: ['kind'] }, 'kind')).toEqual({});
  });
});

describe('a draft', () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => kept.set(name, text),
      removeItem: (name: string) => kept.delete(name),
    });
  });

  it('is what is sent, and what comes back', () => {
    const why: Label = { ...tone, has_reasoning: true, is_required: true };
    const values = valuesOf([why, topics], { t: { value: 'kind', reasoning: 'so' }, m: {} });
    expect(values).toEqual([{ label_schema_id: 't', value: 'kind', reasoning: 'so' }]);
    expect(draftOf(values)).toEqual({ t: { value: 'kind', reasoning: 'so' } });
    expect(missingLabel([why], {})?.name).toBe('tone');
    expect(missingLabel([why], { t: { value: 'kind' } })).toBeUndefined();
  });

  it('is kept for each person and item, and thrown away when it is empty', () => {
    keepDraft('q', 'i', 'Ana', { t: { value: 'kind' } });
    expect(keptDraft('q', 'i', 'Ana')).toEqual({ t: { value: 'kind' } });
    expect(keptDraft('q', 'i', 'Blanca')).toBeNull();
    keepDraft('q', 'i', 'Ana', {});
    expect(keptDraft('q', 'i', 'Ana')).toBeNull();
  });
});

describe('chosen rows', () => {
  const rows = ['1', '2', '3', '4'].map((id) => ({ trace_id: id, span_id: id }) as Row);
  const at = (i: number) => rows[i] as Row;

  it('reach from one to the other, whichever comes first', () => {
    expect(between(rows, '3:3', '1:1', rowKey)).toEqual(rows.slice(0, 3));
    expect(between(rows, null, '2:2', rowKey)).toEqual([at(1)]);
    expect(between(rows, '1:1', 'gone', rowKey)).toEqual([]);
  });

  it('are toggled, reached, all or none', () => {
    const choice = createChoice(() => rows, rowKey);
    choice.toggle(at(1));
    choice.reach(at(3));
    expect(choice.rows()).toHaveLength(3);
    choice.toggle(at(2));
    expect(choice.has(at(2))).toBe(false);
    choice.chooseEverything();
    expect(choice.everything() && choice.has(at(0))).toBe(true);
    choice.toggle(at(0));
    expect(choice.everything()).toBe(false);
    choice.clear();
    expect(choice.rows()).toEqual([]);
  });
});
