// What the form of a run becomes, and what a run says of its costs.
import { describe, expect, it } from 'vitest';
import type { Run } from '../src/api/experiment_runs';
import { type Draft, planOf, sumsOf } from '../src/lib/experiment_runs';
import { emptyVariant, type Variant } from '../src/lib/playground';

const draft: Draft = {
  dataset: 'd', version: 0, name: ' ', recordsMax: '', times: '', origin: null, checks: [],
  judges: [],
};
const variant: Variant = {
  ...emptyVariant('chat'), messages: [{ role: 'user', text: 'Say {{input.q}}' }],
};

describe('a plan', () => {
  it('names what was chosen and leaves the rest to the server', () => {
    expect(planOf(draft, variant)).toEqual({
      dataset_id: 'd', deployment: 'chat', parameters: {}, evaluators: [],
      messages: [{ role: 'user', content: 'Say {{input.q}}' }],
    });
    expect(planOf(
      { ...draft, version: 3, name: 'n', recordsMax: '10', times: ' 2', checks: ['contains'],
        judges: ['kind'] },
      { ...variant, temperature: '0,5', tokensMax: '40' },
    )).toEqual({
      dataset_id: 'd', deployment: 'chat', dataset_version: 3, name: 'n', records_max: 10, times: 2,
      parameters: { temperature: 0.5, max_completion_tokens: 40 },
      evaluators: [{ type: 'contains' }, { type: 'judge', judge: 'kind' }],
      messages: [{ role: 'user', content: 'Say {{input.q}}' }],
    });
  });
  it('names a prompt as long as its words are as they were', () => {
    const origin = { id: 'p', version: 2, messages: [...variant.messages] };
    expect(planOf({ ...draft, origin }, variant)).toMatchObject({ prompt: { id: 'p', version: 2 } });
    const changed = { ...variant, messages: [{ role: 'user' as const, text: 'Say {{input.r}}' }] };
    const plan = planOf({ ...draft, origin }, changed);
    expect(plan.prompt).toBeUndefined();
    expect(plan.messages).toEqual([{ role: 'user', content: 'Say {{input.r}}' }]);
  });
});

describe('a run', () => {
  const cost = (usd: number | null) => ({
    usd, kind: usd === null ? 'unknown' as const : 'catalogue' as const, reason: null, model: 'm',
  });
  const spent = (usd: number | null) => ({
    judge: null, deployment: 'd', model: 'm', calls: 2, input_tokens: 3, output_tokens: 4,
    cost: cost(usd),
  });
  const run: Run = {
    experiment_id: 'e', state: 'running', problem: null, total: 10, done: 2, failed: 0, spent: [],
  };
  it('tells what it would come to at that rate', () => {
    expect(sumsOf({ ...run, spent: [spent(1), spent(2)] })).toEqual({
      tokens: 14, usd: 3, unknown: false, usdInAll: 15,
    });
  });
  it('guesses nothing from what is not known, or over', () => {
    expect(sumsOf(run).usdInAll).toBeNull();
    expect(sumsOf({ ...run, spent: [spent(1), spent(null)] })).toMatchObject({
      usd: 1, unknown: true, usdInAll: null,
    });
    expect(sumsOf({ ...run, done: 10, spent: [spent(1)] }).usdInAll).toBeNull();
  });
});
