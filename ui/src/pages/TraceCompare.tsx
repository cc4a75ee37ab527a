// The span of the address (?cmp=trace:span) against the selected one.
import { createResource, type JSX, lazy, Show, Suspense } from 'solid-js';
import { api, type Problem } from '../api/client';
import type { Span, Trace } from '../api/types';
import { tCommon } from '../i18n/shell';
import { tTrace } from '../i18n/trace';
import { latestOf } from '../lib/latest';
import { ProblemNotice } from '../parts/Notice';

const Compare = lazy(() => import('../parts/Compare'));

export function TraceCompare(props: {
  trace: Trace; other: { traceId: string; spanId: string }; after: Span; onClose: () => void;
}): JSX.Element {
  const here = () => props.trace.spans.find((span) => span.span_id === props.other.spanId);
  // Only a span of another trace is fetched.
  const [there, { refetch }] = createResource(
    () => (here() ? null : props.other),
    (other) => api.tracePart(other.traceId, { span: other.spanId }));
  const before = () => here() ?? (there.error ? undefined
    : latestOf(there)?.spans.find((span) => span.span_id === props.other.spanId));
  return (
    <Show when={!there.error} fallback={
      <ProblemNotice problem={there.error as Problem} onRetry={() => void refetch()} />}>
      <Show when={before()} fallback={
        <p class="empty" role="status">{there.loading ? tCommon().loading : tTrace().notFound}</p>}>
        {(span) => (
          <Suspense fallback={<p class="empty">{tCommon().loading}</p>}>
            <Compare before={span()} after={props.after} onClose={props.onClose} /></Suspense>
        )}
      </Show>
    </Show>
  );
}
