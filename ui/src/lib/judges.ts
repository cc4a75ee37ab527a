// A judge's draft as a form edits it. Pure.
import type { Judge, Settings } from '../api/judges';

export const kinds = ['llm', 'agent', 'workflow', 'tool', 'task', 'retrieval', 'embedding'] as const;

export const emptyDraft: Settings = {
  label: '',
  prompt: [{ role: 'system', text: '' }, { role: 'user', text: '{{span_input}}\n\n{{span_output}}' }],
  output: 'boolean', score_min: 0, score_max: 1, categories: [], schema: null, reasoning: true,
  criteria: { pass_values: [], score_min: null, score_max: null },
  temperature: null, output_tokens_max: 1000, deployment: '', kinds: ['llm'], apps: [], query: '',
  sampling: 1, calls_per_day: 1000, tokens_per_day: 0,
};

export const listOf = (text: string): string[] =>
  text.split(',').map((one) => one.trim()).filter((one) => one !== '');

// What may pass; nothing for scores and JSON.
export function passable(draft: Settings): string[] {
  if (draft.output === 'boolean') return ['true', 'false'];
  return draft.output === 'categorical' ? draft.categories : [];
}

// The server refuses criteria of another form of answer: those are left behind.
export function tidied(draft: Settings): Settings {
  const values = passable(draft);
  const score = draft.output === 'score';
  return {
    ...draft,
    schema: draft.output === 'json' ? draft.schema : null,
    criteria: {
      pass_values: draft.criteria.pass_values.filter((value) => values.includes(value)),
      score_min: score ? draft.criteria.score_min : null,
      score_max: score ? draft.criteria.score_max : null,
    },
  };
}

export const toggled = (values: string[], value: string): string[] =>
  (values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);

export function notJudged(judge: Judge): [string, number][] {
  return Object.entries(judge.today.not_judged).sort((a, b) => b[1] - a[1]);
}
