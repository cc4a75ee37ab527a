// What the deployments of Azure consumed: as Azure counts it, and as it was traced.
import { get } from './client';

export type Unknown =
  'not_set_up' | 'not_in_azure' | 'ambiguous' | 'not_read' | 'no_metric';

export interface Billed {
  prompt: number; completion: number; total: number; requests: number; succeeded: number;
  spilled: number;
}

export interface Traced {
  prompt: number; cached: number; completion: number; total: number;
  calls: number; failed: number; without_tokens: number; by_name: number;
}

export interface Difference { untraced: number; beyond: number; share: number | null }
export interface Differences {
  prompt: Difference; completion: Difference; total: Difference; calls: Difference;
}

export type LimitFrom = 'azure' | 'capacity';
export interface ThrottledCall {
  start_ns: string; trace_id: string | null; span_id: string | null; request_id: string | null;
  retry_after_ms: number | null; failed: boolean;
}
export interface Quota {
  tokens_per_minute: number | null; tokens_per_minute_from: LimitFrom | null;
  requests_per_minute: number | null; requests_per_minute_from: LimitFrom | null;
  peak: {
    tokens: number; tokens_at_ns: string | null; requests: number; requests_at_ns: string | null;
  } | null;
  throttled: number | null;
  traced: {
    failed: number; retried: number; retries: number; retry_after_ms_max: number | null;
    newest: ThrottledCall[]; search: string | null;
  };
}

export interface Provisioned {
  utilisation: { mean: number; p95: number; max: number; minutes: number } | null;
  minutes: number;
  usd: number | null; usd_per_million: number | null; tokens_per_hour: number | null;
  by_token_type: string; by_token_usd: number | null; by_token_usd_per_million: number | null;
  by_token_unknown: string | null;
  break_even_tokens_per_hour: number | null; break_even_utilisation: number | null;
}

export interface FilterVerdict {
  side: string | null; category: string | null; severity: string | null;
  harmful: number | null; blocked: number | null; calls: number; filtered: number;
  trace_id: string | null; span_id: string | null; search: string | null;
}

export interface DeploymentEconomics {
  account: string | null; account_id: string | null; resource: string | null;
  subscription: string | null; region: string | null;
  deployment: string; model: string | null; version: string | null; sku: string | null;
  capacity: number | null;
  from_ns: string; to_ns: string;
  billed: Billed | null; unknown: Unknown | null; traced: Traced; difference: Differences | null;
  search: string | null;
  quota: Quota;
  spillover: string | null; provisioned: Provisioned | null;
  content_filter: { checked: number | null; verdicts: FilterVerdict[] };
}

export interface Economics {
  from_ns: string; to_ns: string; too_recent: boolean; cut: boolean;
  deployments: DeploymentEconomics[];
  total: {
    billed: Billed; traced: Traced; difference: Differences; elsewhere: Traced; unknown: number;
  };
}

export const economicsApi = {
  economics: (query: URLSearchParams) => get<Economics>('azure/economics', query),
};
