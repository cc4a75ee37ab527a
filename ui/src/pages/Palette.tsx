// Everything by name: pages, values to filter by, a trace by its id, theme and language.
import { useLocation, useNavigate } from '@solidjs/router';
import {
  createEffect, createMemo, createResource, createSignal, For, type JSX, on, onMount, Show,
} from 'solid-js';
import { api } from '../api/client';
import { viewsApi } from '../api/views';
import { type Language, f, language, languages, setLanguage } from '../i18n/language';
import { tFilters } from '../i18n/list';
import { tSaved } from '../i18n/saved';
import { tNav, tPalette } from '../i18n/shell';
import { latestOf } from '../lib/latest';
import { type Command, matching, traceIdIn } from '../lib/palette';
import { viewAddress } from '../lib/saved_views';
import { setTheme, type Theme } from '../lib/theme';
import { type FilterField, parseState, requestOf, resolveRange, toggleFilter, writeState,
} from '../lib/url_state';
import { pages } from './page_list';
import { shownValue } from '../parts/Facets';
import { Icon, type IconName } from '../parts/Icons';

const valueFields: FilterField[] = [
  'model', 'deployment', 'service', 'ml_app', 'status', 'error_type', 'env', 'kind', 'session',
  'user',
];
const icons: Record<Command['group'], IconName> = {
  trace: 'right', page: 'list', view: 'bookmark', filter: 'filter', value: 'filter', setting: 'task',
};

// Values seen in the present time range, as filters of the list.
function useValues(close: () => void): () => Command[] {
  const location = useLocation();
  const navigate = useNavigate();
  const state = () => parseState(new URLSearchParams(location.search));
  const [facets] = createResource(async () => {
    const query = requestOf({ ...state(), filters: [], q: '' }, resolveRange(state(), Date.now()));
    query.set('fields', valueFields.join(','));
    query.set('limit', '50');
    return api.facets(query).catch(() => null);
  });
  const found = () => latestOf(facets)?.facets ?? {};
  const values = createMemo(() => Object.entries(found()).flatMap(([name, values]) =>
    values.filter((v) => v.value !== '').map((v): Command => {
      const field = name as FilterField;
      return {
        id: `${name}:${v.value}`, group: 'value',
        title: `${tFilters().fields[field]}: ${shownValue(field, v.value)}`,
        words: v.value, keys: f().compact(v.count),
        run: () => {
          const now = state();
          const filters = toggleFilter(now.filters, { field, value: v.value, exclude: false });
          close();
          navigate(`/traces?${writeState({ ...now, filters }).toString()}`);
        },
      };
    })));
  return values;
}

function useCommands(close: () => void): () => Command[] {
  const location = useLocation();
  const navigate = useNavigate();
  const search = () => {
    // The list's own filters go along from list to list, nothing else.
    const query = writeState(parseState(new URLSearchParams(location.search))).toString();
    return query ? `?${query}` : '';
  };
  const goTo = (path: string, keep: boolean) => () => {
    close();
    navigate(path + (keep ? search() : ''));
  };
  const values = useValues(close);
  const [views] = createResource(() => viewsApi.list().catch(() => []));
  const themes: Theme[] = ['system', 'dark', 'light'];
  const commands = createMemo<Command[]>(() => {
    const p = tPalette();
    const themeWords = { system: tNav().themeSystem, dark: tNav().themeDark,
      light: tNav().themeLight };
    return [
      ...pages.map((page): Command => ({
        id: page.path, group: 'page', title: p.goTo(tNav()[page.name]), keys: `g ${page.letter}`,
        run: goTo(page.path, page.keepsFilters),
      })),
      {
        id: '/monitors/downtimes', group: 'page', title: p.downtimes,
        words: 'mute silence downtime silenciar', run: goTo('/monitors/downtimes', false),
      },
      {
        id: 'failed', group: 'filter', title: p.failed, words: 'error status',
        run: goTo('/traces?status=error', false),
      },
      ...themes.map((theme): Command => ({
        id: theme, group: 'setting', title: `${tNav().theme}: ${themeWords[theme]}`,
        run: () => { setTheme(theme); close(); },
      })),
      ...Object.entries(languages).filter(([code]) => code !== language()).map(
        ([code, name]): Command => ({
          id: code, group: 'setting', title: `${tNav().language}: ${name}`,
          words: 'language idioma', run: () => { setLanguage(code as Language); close(); },
        })),
      ...(latestOf(views) ?? []).map((view): Command => ({
        id: `view-${view.id}`, group: 'view', title: tSaved().open(view.name),
        words: view.name, run: () => { close(); navigate(viewAddress(view)); },
      })),
      ...values(),
    ];
  });
  return commands;
}

export default function Palette(props: { onClose: () => void }): JSX.Element {
  let box!: HTMLDialogElement;
  const navigate = useNavigate();
  const [typed, setTyped] = createSignal('');
  const [at, setAt] = createSignal(0);
  const close = () => box.close();
  const commands = useCommands(close);
  const shown = createMemo(() => {
    const id = traceIdIn(typed());
    const open: Command[] = id ? [{
      id: 'trace', group: 'trace', title: tPalette().openTrace(id),
      run: () => { close(); navigate(`/traces/${id}`); },
    }] : [];
    const text = typed().trim();
    const find: Command[] = text && !id ? [{
      id: 'find', group: 'filter', title: tPalette().searchFor(text),
      run: () => { close(); navigate(`/traces?${new URLSearchParams({ q: text }).toString()}`); },
    }] : [];
    return [...open, ...matching(typed(), commands()), ...find];
  });
  createEffect(on(typed, () => setAt(0), { defer: true }));
  createEffect(on(at, (i) => box.querySelector(`#command-${i}`)?.scrollIntoView(
    { block: 'nearest' }), { defer: true }));
  onMount(() => box.showModal());
  const onKeyDown = (event: KeyboardEvent) => {
    const last = shown().length - 1;
    const steps: Record<string, number> = {
      ArrowDown: at() >= last ? 0 : at() + 1, ArrowUp: at() <= 0 ? last : at() - 1,
      Home: 0, End: last, PageDown: Math.min(last, at() + 8), PageUp: Math.max(0, at() - 8),
    };
    const to = steps[event.key];
    if (to !== undefined) setAt(Math.max(0, to));
    else if (event.key === 'Enter') shown()[at()]?.run();
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={box} class="palette" aria-label={tPalette().title} data-testid="palette"
      onClose={() => props.onClose()}
      onClick={(event) => { if (event.target === box) box.close(); }}>
      <div class="palette-input">
        <Icon name="search" />
        <input type="search" role="combobox" aria-expanded="true" aria-controls="commands"
          aria-activedescendant={shown().length > 0 ? `command-${at()}` : undefined}
          aria-label={tPalette().title} placeholder={tPalette().placeholder} autofocus
          autocomplete="off" spellcheck={false} value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKeyDown} />
        <kbd>Esc</kbd>
      </div>
      <ul id="commands" role="listbox" aria-label={tPalette().title}>
        <For each={shown()}>
          {(command, i) => (
            <li role="option" id={`command-${i()}`} aria-selected={i() === at()}
              onPointerMove={() => setAt(i())} onClick={() => command.run()}>
              <Icon name={icons[command.group]} />
              <bdi>{command.title}</bdi>
              <Show when={command.keys}>
                {(keys) => <span class="palette-keys"><For each={keys().split(' ')}>
                  {(key) => command.group === 'page' ? <kbd>{key}</kbd>
                    : <span class="quiet num">{key}</span>}</For></span>}
              </Show>
            </li>
          )}
        </For>
      </ul>
      <p class="palette-foot quiet" aria-hidden="true"><kbd>↑</kbd> <kbd>↓</kbd> <kbd>Enter</kbd></p>
    </dialog>
  );
}
