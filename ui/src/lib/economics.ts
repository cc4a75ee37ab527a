// Consumption of deployments: where its calls are found, and its table as a file. Pure.
import type { DeploymentEconomics } from '../api/economics';
import type { ThrottledCall } from '../api/economics';
import type { Sheet } from './export_rows';
import { isoOfNs } from './export_rows';

const msOf = (ns: string): bigint => BigInt(ns) / 1_000_000n;

interface Time { from_ns: string; to_ns: string }

// The spans that a search finds in that time; null where there are none.
export function callsAddress(search: string | null, time: Time): string | null {
  if (search === null) return null;
  // The end of a list's time belongs to it.
  return `/traces?${new URLSearchParams({
    view: 'spans', query: search,
    from: String(msOf(time.from_ns)), to: String(msOf(time.to_ns) - 1n),
  }).toString()}`;
}

export const spanAddress = (call: Pick<ThrottledCall, 'trace_id' | 'span_id'>): string | null =>
  call.trace_id === null ? null
    : `/traces/${call.trace_id}?full=1${call.span_id === null ? '' : `&span=${call.span_id}`}`;

// How much of a limit was used; null where there is none.
export const used = (peak: number | undefined, limit: number | null): number | null =>
  peak === undefined || limit === null || limit <= 0 ? null : peak / limit;

export const hasQuota = ({ quota }: DeploymentEconomics): boolean =>
  quota.tokens_per_minute !== null || quota.requests_per_minute !== null ||
  (quota.throttled ?? 0) > 0 || quota.traced.failed > 0 || quota.traced.retried > 0;

export const economicsSheet: Sheet<DeploymentEconomics> = {
  columns: [
    'from', 'to', 'subscription', 'account', 'region', 'deployment', 'model', 'version', 'sku',
    'capacity', 'billed_unknown', 'billed_prompt_tokens', 'billed_completion_tokens',
    'billed_tokens', 'billed_requests', 'billed_requests_succeeded', 'traced_prompt_tokens',
    'traced_completion_tokens', 'traced_tokens', 'traced_calls', 'traced_calls_failed',
    'traced_calls_without_tokens', 'untraced_tokens', 'untraced_share', 'traced_beyond_billed',
    'tokens_per_minute_limit', 'tokens_per_minute_peak', 'requests_per_minute_limit',
    'requests_per_minute_peak', 'limits_from', 'throttled_requests', 'traced_throttled_failed',
    'traced_throttled_retried', 'traced_throttled_retries', 'retry_after_ms_max',
    'spillover_to', 'spilled_requests', 'utilisation_mean_percent', 'utilisation_p95_percent',
    'utilisation_max_percent', 'provisioned_usd', 'provisioned_usd_per_million_tokens',
    'by_token_usd', 'by_token_usd_per_million_tokens', 'tokens_per_hour',
    'break_even_tokens_per_hour', 'break_even_utilisation_percent', 'checked_by_filter',
    'harmful', 'blocked', 'traced_verdicts', 'traced_filtered',
  ],
  values: (row) => [
    isoOfNs(row.from_ns), isoOfNs(row.to_ns), row.subscription, row.account, row.region,
    row.deployment, row.model, row.version, row.sku, row.capacity, row.unknown,
    row.billed?.prompt, row.billed?.completion, row.billed?.total, row.billed?.requests,
    row.billed?.succeeded, row.traced.prompt, row.traced.completion, row.traced.total,
    row.traced.calls, row.traced.failed, row.traced.without_tokens,
    row.difference?.total.untraced, row.difference?.total.share, row.difference?.total.beyond,
    row.quota.tokens_per_minute, row.quota.peak?.tokens, row.quota.requests_per_minute,
    row.quota.peak?.requests, row.quota.tokens_per_minute_from, row.quota.throttled,
    row.quota.traced.failed, row.quota.traced.retried, row.quota.traced.retries,
    row.quota.traced.retry_after_ms_max,
    row.spillover, row.billed?.spilled, row.provisioned?.utilisation?.mean,
    row.provisioned?.utilisation?.p95, row.provisioned?.utilisation?.max, row.provisioned?.usd,
    row.provisioned?.usd_per_million, row.provisioned?.by_token_usd,
    row.provisioned?.by_token_usd_per_million, row.provisioned?.tokens_per_hour,
    row.provisioned?.break_even_tokens_per_hour, row.provisioned?.break_even_utilisation,
    row.content_filter.checked, ...(['harmful', 'blocked', 'calls', 'filtered'] as const)
      .map((name) => row.content_filter.verdicts.reduce(
        (sum: number | null, verdict) => verdict[name] === null ? sum
          : (sum ?? 0) + (verdict[name] ?? 0), null)),
  ],
};
