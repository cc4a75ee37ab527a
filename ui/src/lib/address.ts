// What a page reads out of its address and writes into it.
import { useSearchParams } from '@solidjs/router';
import { type ListState, parseState, type Range, resolveRange } from './url_state';

type Search = ReturnType<typeof useSearchParams>;

// One value a name, '' where there is none.
export function useAddress(): {
  query: Search[0]; text: (name: string) => string; setQuery: Search[1];
} {
  const [query, setQuery] = useSearchParams();
  const text = (name: string) => {
    const value = query[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  return { query, text, setQuery };
}

// Of a page that shows a stretch of time: the last day, unless the address says another.
export function usePeriod(): {
  text: (name: string) => string; setQuery: Search[1];
  state: () => ListState; range: () => Range;
} {
  const { text, setQuery } = useAddress();
  const state = () => parseState(new URLSearchParams({
    from: text('from') || 'now-24h', to: text('to') || 'now',
  }));
  return { text, setQuery, state, range: () => resolveRange(state(), Date.now()) };
}
