// What there is to filter by, with counts. A click shows only that value, – or Alt-click leaves
// it out.
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Facets as FacetsData } from '../api/types';
import { f } from '../i18n/language';
import { tFilters, tList } from '../i18n/list';
import { type KindWords, tKinds } from '../i18n/verdict';
import { oneLine } from '../lib/text';
import { type Filter, type FilterField, filterFields } from '../lib/url_state';
import { Icon, KindIcon } from './Icons';

interface Props {
  facets: FacetsData | null;
  filters: Filter[];
  onToggle: (filter: Filter) => void;
}

function isField(name: string): name is FilterField {
  return (filterFields as readonly string[]).includes(name);
}

export function shownValue(field: FilterField, value: string): string {
  if (field === 'status') return value === 'error' ? tList().error : tList().ok;
  if (field === 'kind') {
    return value in tKinds() ? tKinds()[value as keyof KindWords] : value;
  }
  return oneLine(value) || tFilters().empty;
}

function FacetValueRow(props: {
  field: FilterField; value: string; count: number; max: number;
  included: boolean; excluded: boolean; onToggle: (filter: Filter) => void;
}): JSX.Element {
  const name = () => shownValue(props.field, props.value);
  const toggle = (exclude: boolean) =>
    props.onToggle({ field: props.field, value: props.value, exclude });
  return (
    <li class="facet-value" classList={{ on: props.included, off: props.excluded }}>
      <button
        type="button"
        class="facet-pick"
        aria-pressed={props.included}
        title={tFilters().hint}
        onClick={(event) => toggle(event.altKey)}
      >
        <span class="facet-fill" style={{ width: `${(props.count / props.max) * 100}%` }} />
        <Show when={props.field === 'kind'}><KindIcon kind={props.value} /></Show>
        <Show when={props.field === 'status'}>
          <Icon name={props.value === 'error' ? 'error' : 'ok'}
            class={props.value === 'error' ? 'bad' : 'good'} />
        </Show>
        <bdi class="facet-name">{name()}</bdi>
        <span class="facet-count">{f().compact(props.count)}</span>
      </button>
      <button
        type="button"
        class="facet-not"
        aria-pressed={props.excluded}
        aria-label={tFilters().exclude(name())}
        title={tFilters().exclude(name())}
        onClick={() => toggle(true)}
      >
        <Icon name="minus" />
      </button>
    </li>
  );
}

export function Facets(props: Props): JSX.Element {
  const groups = createMemo(() => {
    const found = Object.entries(props.facets?.facets ?? {});
    return found.flatMap(([field, values]) => {
      if (!isField(field)) return [];
      const known = values.filter((v) => v.value !== '');
      // What is filtered away keeps its line, so that it can be taken back where it was chosen.
      const chosen = props.filters
        .filter((x) => x.field === field && !known.some((v) => v.value === x.value))
        .map((x) => ({ value: x.value, count: 0 }));
      const all = [...known, ...chosen];
      return all.length > 0 ? [{ field, values: all }] : [];
    });
  });
  const has = (field: FilterField, value: string, exclude: boolean) =>
    props.filters.some((x) => x.field === field && x.value === value && x.exclude === exclude);
  return (
    <div class="facets">
      <Show when={props.facets} fallback={<FacetSkeleton />}>
        <For each={groups()}>
          {(group) => (
            <section data-testid={`facet-${group.field}`}>
              <h2>{tFilters().fields[group.field]}</h2>
              <ul>
                <For each={group.values}>
                  {(v) => (
                    <FacetValueRow
                      field={group.field}
                      value={v.value}
                      count={v.count}
                      max={Math.max(1, ...group.values.map((x) => x.count))}
                      included={has(group.field, v.value, false)}
                      excluded={has(group.field, v.value, true)}
                      onToggle={(filter) => props.onToggle(filter)}
                    />
                  )}
                </For>
              </ul>
            </section>
          )}
        </For>
      </Show>
    </div>
  );
}

function FacetSkeleton(): JSX.Element {
  return (
    <div aria-hidden="true">
      <For each={[2, 4, 3, 3, 4]}>
        {(lines) => (
          <section>
            <div class="skeleton skeleton-head" />
            <For each={Array.from({ length: lines })}>{() => <div class="skeleton skeleton-line" />}
            </For>
          </section>
        )}
      </For>
    </div>
  );
}
