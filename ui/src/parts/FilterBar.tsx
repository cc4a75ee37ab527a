// The view, and the filters in force as chips that can be taken away.
import { For, type JSX, Show } from 'solid-js';
import type { View } from '../api/types';
import { t } from '../i18n';
import type { Filter, ListState } from '../lib/url_state';
import { shownValue } from './Facets';
import { Icon } from './Icons';

const views: View[] = ['traces', 'spans', 'apm'];

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
