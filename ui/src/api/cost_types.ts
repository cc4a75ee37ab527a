// What a call or a sum of calls cost, as the server answers it with them.
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
  model_from: 'response' | 'mapping' | 'inventory' | null;
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
