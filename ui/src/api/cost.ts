// Costs as the server answers them, and the calls that change prices and mappings.
import { get, send } from './client';

export type CostKind =
  'catalogue' | 'own_price' | 'application' | 'ptu_estimate' | 'unknown' | 'none';
export type CostReason =
  | 'no_token_counts' | 'failed_without_tokens' | 'no_model' | 'deployment_not_mapped' | 'no_price'
  | 'no_price_then' | 'no_rate' | 'no_ptu_price' | 'ptu_not_measured';

export interface Cost {
  usd: number | null;
  kind: CostKind;
  reason: CostReason | null;
  model: string | null;
}

export interface SpanCost extends Cost {
  deployment: string | null;
  model_from: 'response' | 'mapping' | null;
  deployment_type: string | null;
  deployment_type_assumed: boolean;
  source: string | null;
  read: string | null;
  parts: { what: string; tokens: number; usd_per_million: number | null; usd: number | null }[];
}

export interface UnknownCalls {
  reason: CostReason;
  model: string | null;
  deployment: string | null;
  calls: number;
}

export interface CostSum {
  usd: number | null;
  complete: boolean;
  calls: number;
  unknown_calls: number;
  by_kind: Partial<Record<CostKind, number>>;
  unknown: UnknownCalls[];
  tokens: Record<string, number>;
}

export interface Costs {
  by: string;
  groups: { name: string; cost: CostSum }[];
  total: CostSum;
}

export interface Mapping {
  id: number;
  deployment: string;
  resource: string | null;
  model: string;
  type: string;
  monthly_usd: number | null;
  from: string | null;
  to: string | null;
}

export const rates = [
  'input', 'cached_input', 'cache_write', 'output', 'audio_input', 'audio_output',
] as const;
export type Rate = (typeof rates)[number];

export interface OwnPrice extends Record<Rate, number | null> {
  id: number;
  model: string;
  type: string | null;
  from: string | null;
  to: string | null;
  note: string | null;
}

export interface Prices {
  own: OwnPrice[];
  catalogue: { version: string; source: string; read: string; problem: string | null };
  models: { model: string; names: string[] }[];
}

export const costApi = {
  costs: (query: URLSearchParams) => get<Costs>('costs', query),
  prices: () => get<Prices>('prices'),
  setPrice: (price: Record<string, unknown>) => send('POST', 'prices', price),
  removePrice: (id: number) => send('DELETE', `prices/${id}`),
  mappings: () => get<{ mappings: Mapping[] }>('deployments'),
  map: (mapping: Record<string, unknown>) => send('POST', 'deployments', mapping),
  unmap: (id: number) => send('DELETE', `deployments/${id}`),
};
