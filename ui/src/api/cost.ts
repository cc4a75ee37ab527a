// Costs of a time, and the calls that change prices and mappings.
import { get, send } from './client';
import type { CostSum } from './cost_types';

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
