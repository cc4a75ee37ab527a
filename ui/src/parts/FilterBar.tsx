// Search, view, time range, live, and the filters in force as chips that can be taken away.
import { createEffect, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js';
import type { View } from '../api/types';
import { t } from '../i18n';
import { useShortcuts } from '../lib/keys';
import type { Filter, ListState } from '../lib/url_state';
import { shownValue } from './Facets';
import { Icon } from './Icons';

const searchAfterMs = 350;
const views: View[] = ['traces', 'spans', 'apm'];

export function SearchBox(props: { value: string; onSearch: (q: string) => void }): JSX.Element {
  let input!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const [typed, setTyped] = createSignal('');
  createEffect(on(() => props.value, (value) => {
    // Typing that is still ahead of the address is not overwritten.
    if (document.activeElement !== input || value !== typed().trim()) setTyped(value);
  }));
  const send = () => {
    clearTimeout(timer);
    props.onSearch(typed().trim());
  };
  useShortcuts({ '/': () => { input.focus(); input.select(); } });
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        data-testid="search-box"
        aria-label={t().search.label}
        placeholder={t().search.placeholder}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        value={typed()}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          clearTimeout(timer);
          timer = setTimeout(send, searchAfterMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send();
          if (event.key === 'Escape') {
            event.stopPropagation();
            if (typed()) { setTyped(''); send(); } else input.blur();
          }
        }}
      />
      <Show when={typed()} fallback={<kbd aria-hidden="true">/</kbd>}>
        <button type="button" class="bare" aria-label={t().search.clear}
          onClick={() => { setTyped(''); send(); input.focus(); }}>
          <Icon name="close" />
        </button>
      </Show>
    </div>
  );
}

export function ViewSwitch(props: { view: View; onView: (view: View) => void }): JSX.Element {
  return (
    <div class="switch" role="group" aria-label={t().views.label}>
      <For each={views}>
        {(view) => (
          <button type="button" data-testid={`view-${view}`} aria-pressed={props.view === view}
            onClick={() => props.onView(view)}>
            {t().views[view]}
          </button>
        )}
      </For>
    </div>
  );
}

export function FilterChips(props: {
  state: ListState; onRemove: (filter: Filter) => void; onClear: () => void;
}): JSX.Element {
  return (
    <Show when={props.state.filters.length > 0}>
      <ul class="chips" aria-label={t().filters.label}>
        <For each={props.state.filters}>
          {(filter) => {
            const words = () => `${t().filters.fields[filter.field]}${
              filter.exclude ? ` ${t().filters.not}` : ''}: ${shownValue(filter.field, filter.value)}`;
            return (
              <li class="chip" classList={{ not: filter.exclude }}>
                <bdi>{words()}</bdi>
                <button type="button" class="bare" aria-label={t().filters.remove(words())}
                  onClick={() => props.onRemove(filter)}>
                  <Icon name="close" />
                </button>
              </li>
            );
          }}
        </For>
        <Show when={props.state.filters.length > 1}>
          <li><button type="button" class="link" onClick={() => props.onClear()}>
            {t().list.clearFilters}</button></li>
        </Show>
      </ul>
    </Show>
  );
}
