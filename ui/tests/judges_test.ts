import { describe, expect, it } from 'vitest';
import { emptyDraft, listOf, passable, tidied, toggled } from '../src/lib/judges';

describe('a judge’s draft', () => {
  it('keeps no criteria of another form of answer', () => {
    const draft = {
      ...emptyDraft, output: 'categorical' as const, categories: ['good', 'bad'],
      criteria: { pass_values: ['good', 'true'], score_min: 3, score_max: null },
      schema: { type: 'object' },
    };
    expect(tidied(draft).criteria).toEqual(
      { pass_values: ['good'], score_min: null, score_max: null });
    expect(tidied(draft).schema).toBeNull();
    const score = tidied({ ...draft, output: 'score' });
    expect(score.criteria).toEqual({ pass_values: [], score_min: 3, score_max: null });
    expect(tidied({ ...draft, output: 'json' }).schema).toEqual({ type: 'object' });
  });

  it('knows what may pass', () => {
    expect(passable(emptyDraft)).toEqual(['true', 'false']);
    expect(passable({ ...emptyDraft, output: 'score' })).toEqual([]);
  });

  it('reads lists as they are typed', () => {
    expect(listOf(' a, ,b c ,')).toEqual(['a', 'b c']);
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});
