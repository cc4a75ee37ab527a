// A box for a query of metrics that offers names of metrics, tags and keys while one writes.
import { createEffect, createResource, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { dashboardsApi } from '../api/dashboards';
import { tDashboards } from '../i18n/dashboards';
import { latestOf } from '../lib/latest';
import { keysOf, offersOf, type Place, placeAt, taken } from '../lib/query_hints';
import { oneLine } from '../lib/text';

const waitMs = 120;

export function QueryInput(props: {
  name: string; placeholder: string; variables: readonly string[];
}): JSX.Element {
  let box!: HTMLInputElement;
  const id = createUniqueId();
  const [place, setPlace] = createSignal<Place | null>(null);
  const [active, setActive] = createSignal(0);
  const known = new Map<string, Promise<string[]>>();
  const tagsOf = (metric: string) => {
    const tags = known.get(metric) ?? dashboardsApi.tagsOf(metric).catch(() => []);
    known.set(metric, tags);
    return tags;
  };
  const ask = async (at: Place): Promise<string[]> => {
    await new Promise((resolve) => { setTimeout(resolve, waitMs); });
    if (place() !== at) return [];
    if (at.kind === 'metric')
      return offersOf(await dashboardsApi.metricNames(at.part).catch(() => []), at.part);
    const tags = await tagsOf(at.metric);
    return at.kind === 'key' ? offersOf(keysOf(tags), at.part)
      : offersOf([...props.variables.map((one) => `$${one}`), ...tags], at.part);
  };
  // eslint-disable-next-line solid/reactivity -- what is offered is of the moment it is asked
  const [offers] = createResource(place, ask);
  const shown = () => (place() ? latestOf(offers) ?? [] : []);
  createEffect(() => { shown(); setActive(0); });
  const look = () => setPlace(placeAt(box.value, box.selectionStart ?? box.value.length));
  const take = (choice: string) => {
    const at = place();
    if (!at) return;
    const { text, cursor } = taken(box.value, at, choice);
    box.value = text;
    box.setSelectionRange(cursor, cursor);
    box.focus();
    setPlace(null);
  };
  const onKey = (event: KeyboardEvent) => {
    const all = shown();
    if (all.length === 0) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const chosen = all[active()];
    if (step !== undefined) setActive((active() + step + all.length) % all.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) take(chosen);
    else if (event.key === 'Escape') setPlace(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span class="query-input">
      <input ref={box} name={props.name} required class="mono" spellcheck={false} autocomplete="off"
        placeholder={props.placeholder} role="combobox" aria-autocomplete="list"
        aria-expanded={shown().length > 0} aria-controls={id}
        aria-activedescendant={shown().length > 0 ? `${id}-${active()}` : undefined}
        onInput={look} onClick={look} onKeyDown={onKey} onBlur={() => setPlace(null)} />
      <Show when={shown().length > 0}>
        <ul id={id} class="offers" role="listbox" aria-label={tDashboards().offers}>
          <For each={shown()}>{(one, i) => (
            <li id={`${id}-${i()}`} role="option" aria-selected={i() === active()}
              onPointerDown={(event) => { event.preventDefault(); take(one); }}>
              <bdi>{oneLine(one)}</bdi></li>)}</For>
        </ul></Show>
    </span>
  );
}
