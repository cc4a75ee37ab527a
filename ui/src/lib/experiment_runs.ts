// What a person asks the server to run, as the form has it, and how far a run is. Pure.
import type { Check, Evaluator, Plan, Run } from '../api/experiment_runs';
import { askedOf, type DraftMessage, type Variant } from './playground';

export interface PromptOrigin { id: string; version: number; messages: DraftMessage[] }

// As it was typed; empty is what the server takes without it.
export interface Draft {
  dataset: string;
  version: number;  // 0 = the newest
  name: string;
  recordsMax: string;
  times: string;
  origin: PromptOrigin | null;
  checks: Check[];
  judges: string[];
}

const wholeOf = (text: string): number | undefined =>
  (text.trim() === '' ? undefined : Number(text.trim()));

const isSame = (one: DraftMessage[], other: DraftMessage[]) =>
  JSON.stringify(one.map(({ role, text }) => [role, text]))
    === JSON.stringify(other.map(({ role, text }) => [role, text]));

// A prompt that was not changed is named by its version, so that the experiment says what it is of.
export function planOf(draft: Draft, variant: Variant): Plan {
  const { model_id: deployment, messages, ...parameters } = askedOf(variant, {});
  const origin = draft.origin;
  const evaluators: Evaluator[] = [
    ...draft.checks.map((type) => ({ type })),
    ...draft.judges.map((judge) => ({ type: 'judge' as const, judge })),
  ];
  const [recordsMax, times] = [wholeOf(draft.recordsMax), wholeOf(draft.times)];
  return {
    dataset_id: draft.dataset, deployment, parameters, evaluators,
    ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
    ...(draft.version > 0 ? { dataset_version: draft.version } : {}),
    ...(recordsMax === undefined ? {} : { records_max: recordsMax }),
    ...(times === undefined ? {} : { times }),
    ...(origin && isSame(origin.messages, variant.messages)
      ? { prompt: { id: origin.id, version: origin.version } } : { messages }),
  };
}

export interface RunSums { tokens: number; usd: number; unknown: boolean; usdInAll: number | null }

// What was used so far, and what it would come to at that rate.
export function sumsOf(run: Run): RunSums {
  const tokens = run.spent.reduce((sum, one) => sum + one.input_tokens + one.output_tokens, 0);
  const usd = run.spent.reduce((sum, one) => sum + (one.cost.usd ?? 0), 0);
  // A call that was not answered is as a rule not billed.
  const unknown = run.spent.some((one) => one.cost.usd === null && one.input_tokens > 0);
  const usdInAll = !unknown && run.done > 0 && run.done < run.total && usd > 0
    ? (usd / run.done) * run.total : null;
  return { tokens, usd, unknown, usdInAll };
}
