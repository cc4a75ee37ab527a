// The address as the list's state, and the ways to change it.
import { useLocation, useNavigate } from '@solidjs/router';
import { type Accessor, createMemo } from 'solid-js';
import {
  type Filter, type ListState, parseState, type SortColumn, toggleFilter, writeState,
} from '../lib/url_state';

export interface ListControl {
  state: Accessor<ListState>;
  // The list's own parameters, as they stand in the address.
  query: Accessor<string>;
  update(patch: Partial<ListState>): void;
  toggle(filter: Filter): void;
}

export function useListState(path = '/traces', sorts?: readonly SortColumn[]): ListControl {
  const location = useLocation();
  const navigate = useNavigate();
  const state = createMemo(() => parseState(new URLSearchParams(location.search), sorts));
  const query = createMemo(() => writeState(state()).toString());
  const update = (patch: Partial<ListState>) => {
    const next = writeState({ ...state(), ...patch }).toString();
    if (next !== query()) navigate(`${path}${next ? `?${next}` : ''}`, { scroll: false });
  };
  return {
    state,
    query,
    update,
    toggle: (filter) => update({ filters: toggleFilter(state().filters, filter) }),
  };
}

// The address of a list with one more filter and nothing else but the present time range.
export function filterHref(search: string, filter: Filter): string {
  const now = parseState(new URLSearchParams(search));
  const query = writeState({
    ...now, q: '', filters: [filter], minMs: null, maxMs: null,
  });
  return `/traces?${query.toString()}`;
}
