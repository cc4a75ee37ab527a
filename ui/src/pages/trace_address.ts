// The part of the address that belongs to an open trace: span, view, full page, comparison.
import { useLocation, useNavigate } from '@solidjs/router';
import { type Accessor, createMemo } from 'solid-js';
import { parsePicked } from '../lib/picked';

export const traceViews = ['tree', 'waterfall', 'messages', 'graph'] as const;
export type TraceViewName = (typeof traceViews)[number];

export interface TraceAddress {
  view: Accessor<TraceViewName>;
  span: Accessor<string | null>;
  compared: Accessor<{ traceId: string; spanId: string } | null>;
  // null takes a parameter away.
  set(change: Record<string, string | null>, replace?: boolean): void;
}

export function viewIn(search: string): TraceViewName {
  const asked = new URLSearchParams(search).get('show');
  return traceViews.find((view) => view === asked) ?? 'tree';
}

export function useTraceAddress(): TraceAddress {
  const location = useLocation();
  const navigate = useNavigate();
  const query = createMemo(() => new URLSearchParams(location.search));
  return {
    view: () => viewIn(location.search),
    span: () => query().get('span'),
    compared: () => parsePicked(query().get('cmp')),
    set(change, replace = true) {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      navigate(`${location.pathname}?${next.toString()}`, { scroll: false, replace });
    },
  };
}
