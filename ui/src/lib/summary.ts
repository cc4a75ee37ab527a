// The figures behind the sentence on top of the list. Pure.
import type { Bucket } from '../api/types';

export interface Summary {
  count: number;
  errors: number;
  p95Ns: number | null;
}

// Asked for as one bucket; where a boundary cuts it in two, the p95 is weighted by count.
export function summaryOf(buckets: readonly Bucket[]): Summary {
  let count = 0;
  let errors = 0;
  let weighted = 0;
  for (const bucket of buckets) {
    count += bucket.count;
    errors += bucket.errors;
    weighted += bucket.p95_ns * bucket.count;
  }
  return { count, errors, p95Ns: count > 0 ? weighted / count : null };
}

export interface Change {
  // +0.25 = a quarter more than before.
  calls: number | null;
  // +0.02 = two percentage points more failures.
  failureRate: number | null;
  p95: number | null;
}

const share = (summary: Summary) => (summary.count > 0 ? summary.errors / summary.count : 0);

export function changeOf(now: Summary, before: Summary): Change | null {
  if (before.count === 0 || now.count === 0) return null;
  return {
    calls: now.count / before.count - 1,
    failureRate: share(now) - share(before),
    p95: now.p95Ns && before.p95Ns ? now.p95Ns / before.p95Ns - 1 : null,
  };
}

export interface Bar {
  fromMs: number;
  toMs: number;
  ok: number;
  errors: number;
  p95Ns: number;
}

// The buckets that were left out because they are empty, put back in.
export function barsOf(
  buckets: readonly Bucket[], intervalMs: number, fromMs: number, toMs: number,
): Bar[] {
  if (intervalMs <= 0 || toMs <= fromMs) return [];
  const first = buckets[0];
  const phase = first ? ((first.t % intervalMs) + intervalMs) % intervalMs : 0;
  const start = Math.floor((fromMs - phase) / intervalMs) * intervalMs + phase;
  const slots = Math.min(2_000, Math.ceil((toMs - start) / intervalMs));
  const bars: Bar[] = Array.from({ length: slots }, (_, i) => ({
    fromMs: start + i * intervalMs, toMs: start + (i + 1) * intervalMs, ok: 0, errors: 0, p95Ns: 0,
  }));
  for (const bucket of buckets) {
    const bar = bars[Math.floor((bucket.t - start) / intervalMs)];
    if (!bar) continue;
    bar.ok += bucket.count - bucket.errors;
    bar.errors += bucket.errors;
    bar.p95Ns = Math.max(bar.p95Ns, bucket.p95_ns);
  }
  return bars;
}
