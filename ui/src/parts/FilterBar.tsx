// The view, and the filters in force as chips that can be taken away.
import { For, type JSX, Show } from 'solid-js';
import type { View } from '../api/types';
import { tFilters, tList, tViews } from '../i18n/list';
import type { Filter, ListState } from '../lib/url_state';
import { shownValue } from './Facets';
import { Icon } from './Icons';

const views: View[] = ['traces', 'spans', 'apm'];

export function ViewSwitch(props: { view: View; onView: (view: View) => void }): JSX.Element {
  return (
    <div class="switch" role="group" aria-label={tViews().label}>
      <For each={views}>
        {(view) => (
          <button type="button" data-testid={`view-${view}`} aria-pressed={props.view === view}
            onClick={() => props.onView(view)}>
            {tViews()[view]}
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
      <ul class="chips" aria-label={tFilters().label}>
        <For each={props.state.filters}>
          {(filter) => {
            const words = () => `${tFilters().fields[filter.field]}${
              filter.exclude ? ` ${tFilters().not}` : ''}: ${shownValue(filter.field, filter.value)}`;
            return (
              <li class="chip" classList={{ not: filter.exclude }}>
                <bdi>{words()}</bdi>
                <button type="button" class="bare" aria-label={tFilters().remove(words())}
                  onClick={() => props.onRemove(filter)}>
                  <Icon name="close" />
                </button>
              </li>
            );
          }}
        </For>
        <Show when={props.state.filters.length > 1}>
          <li><button type="button" class="link" onClick={() => props.onClear()}>
            {tList().clearFilters}</button></li>
        </Show>
      </ul>
    </Show>
  );
}
