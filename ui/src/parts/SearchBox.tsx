// The search box: what is wrong with a search is underlined where it is wrong, with what was
// probably meant to click; names and values are offered while one types, by keyboard too.
import {
  createEffect, createSignal, createUniqueId, For, type JSX, on, onCleanup, Show,
} from 'solid-js';
import { api } from '../api/client';
import type { QueryProblem, SuggestedText, Suggestions } from '../api/types';
import { f } from '../i18n/language';
import { tSearch } from '../i18n/list';
import { pointsBefore, replaced } from '../lib/code_points';
import { useShortcuts } from '../lib/keys';
import { Icon } from './Icons';

const searchAfterMs = 350;
const suggestAfterMs = 150;

// What a choice is followed by: a name by its value, a value by the next term.
function withFollowing(item: SuggestedText): string {
  if (item.text.endsWith('.')) return item.text;
  return item.kind === 'value' ? `${item.text} ` : `${item.text}:`;
}

// Offers are for the text they were asked for, and for no later one.
type Offered = Suggestions & { query: string };

function createAsked() {
  const [problem, setProblem] = createSignal<QueryProblem | null>(null);
  const [offered, setOffered] = createSignal<Offered | null>(null);
  const [chosen, setChosen] = createSignal(-1);
  let checking = new AbortController();
  let suggesting = new AbortController();
  onCleanup(() => { checking.abort(); suggesting.abort(); });
  // Whether the search can be sent. When nobody can be asked it is: the list then tells why.
  const check = async (query: string): Promise<boolean> => {
    checking.abort();
    checking = new AbortController();
    const { signal } = checking;
    const found = query === '' ? null
      : await api.explain(query, signal).then((answer) => answer.problem, () => null);
    if (signal.aborted) return false;
    setProblem(found);
    return found === null;
  };
  const close = () => { suggesting.abort(); setOffered(null); setChosen(-1); };
  const suggest = async (query: string, cursor: number) => {
    suggesting.abort();
    suggesting = new AbortController();
    const { signal } = suggesting;
    try {
      const found = await api.suggest(query, cursor, location.search, signal);
      if (signal.aborted) return;
      setOffered(found.items.length > 0 ? { ...found, query } : null);
      setChosen(-1);
    } catch {
      // Completions are a convenience: without them one types on.
    }
  };
  return { problem, setProblem, offered, chosen, setChosen, check, suggest, close };
}

export function SearchBox(props: { value: string; onSearch: (q: string) => void }): JSX.Element {
  let input!: HTMLInputElement;
  let searchTimer: ReturnType<typeof setTimeout> | undefined;
  let suggestTimer: ReturnType<typeof setTimeout> | undefined;
  const listId = createUniqueId();
  const asked = createAsked();
  const [typed, setTyped] = createSignal('');
  const [scrolled, setScrolled] = createSignal(0);
  onCleanup(() => { clearTimeout(searchTimer); clearTimeout(suggestTimer); });
  createEffect(on(() => props.value, (value) => {
    // Typing that is still ahead of the address is not overwritten.
    if (document.activeElement === input && value === typed().trim()) return;
    setTyped(value);
    void asked.check(value);
  }));
  const send = async () => {
    clearTimeout(searchTimer);
    // The list stays as it is until the search makes sense.
    if (await asked.check(typed())) props.onSearch(typed().trim());
  };
  const suggest = () => {
    clearTimeout(suggestTimer);
    suggestTimer = setTimeout(() => {
      const unit = input.selectionStart ?? typed().length;
      void asked.suggest(typed(), pointsBefore(typed(), unit));
    }, suggestAfterMs);
  };
  const sendSoon = () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(() => void send(), searchAfterMs);
  };
  const write = (text: string, cursor: number) => {
    setTyped(text);
    input.value = text;
    input.focus();
    input.setSelectionRange(cursor, cursor);
    sendSoon();
  };
  const onInput = (text: string) => {
    setTyped(text);
    asked.close();
    asked.setProblem(null);
    sendSoon();
    suggest();
  };
  const clear = () => { write('', 0); asked.close(); void send(); };
  const choose = (item: SuggestedText) => {
    const place = asked.offered();
    if (place?.query !== typed()) return;
    const made = replaced(typed(), place.begin, place.end, withFollowing(item));
    asked.close();
    write(made.text, made.cursor);
    if (item.kind !== 'value') suggest();
  };
  const correct = (problem: QueryProblem) => {
    const end = problem.position + problem.length;
    const made = replaced(typed(), problem.position, end, problem.suggestion ?? '');
    asked.close();
    write(made.text, made.cursor);
    void send();
  };
  const move = (by: number): boolean => {
    const count = asked.offered()?.items.length ?? 0;
    if (count === 0) return false;
    asked.setChosen(((asked.chosen() < 0 && by < 0 ? 0 : asked.chosen()) + by + count) % count);
    document.getElementById(`${listId}-${asked.chosen()}`)?.scrollIntoView({ block: 'nearest' });
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = asked.offered()?.items[asked.chosen()];
    if (/^Arrow(Down|Up)$/.test(event.key)) {
      event.preventDefault();
      if (!move(event.key === 'ArrowDown' ? 1 : -1)) suggest();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && item) {
      event.preventDefault();
      choose(item);
    } else if (event.key === 'Enter') {
      clearTimeout(suggestTimer);
      asked.close();
      void send();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (asked.offered()) asked.close();
      // What is searched for stays; the list is a key away.
      else if (typed() && typed().trim() !== props.value) clear();
      else input.blur();
    }
  };
  useShortcuts({ '/': () => { input.focus(); input.select(); } });
  return (
    <div class="search" role="search" classList={{ wrong: asked.problem() !== null }}>
      <Icon name="search" />
      <div class="search-field">
        <Marks text={typed()} problem={asked.problem()} scrolled={scrolled()} />
        <input
          ref={input}
          type="search"
          role="combobox"
          data-testid="search-box"
          aria-label={tSearch().label}
          aria-autocomplete="list"
          aria-expanded={asked.offered() !== null}
          aria-controls={listId}
          aria-activedescendant={asked.chosen() < 0 ? undefined : `${listId}-${asked.chosen()}`}
          aria-invalid={asked.problem() !== null}
          aria-describedby={asked.problem() ? `${listId}-problem` : undefined}
          placeholder={tSearch().placeholder}
          autocomplete="off" spellcheck={false} dir="auto"
          value={typed()}
          onInput={(event) => onInput(event.currentTarget.value)}
          onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
          onBlur={() => { clearTimeout(suggestTimer); asked.close(); }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Clear shown={typed() !== ''} onClear={clear} />
      <Offers id={listId} offered={asked.offered()} chosen={asked.chosen()} onChoose={choose} />
      <Wrong id={`${listId}-problem`} problem={asked.offered() ? null : asked.problem()}
        onCorrect={correct} />
    </div>
  );
}

function Clear(props: { shown: boolean; onClear: () => void }): JSX.Element {
  return (
    <Show when={props.shown} fallback={<kbd aria-hidden="true">/</kbd>}>
      <button type="button" class="bare" aria-label={tSearch().clear}
        onClick={() => props.onClear()}>
        <Icon name="close" />
      </button>
    </Show>
  );
}

// The same text behind the input, invisible but for the line under what is wrong.
function Marks(props: {
  text: string; problem: QueryProblem | null; scrolled: number;
}): JSX.Element {
  const cut = (begin: number, end: number) => [...props.text].slice(begin, end).join('');
  return (
    <Show when={props.problem}>
      {(problem) => (
        <div class="search-marks" aria-hidden="true" dir="auto">
          <span style={{ transform: `translateX(${-props.scrolled}px)` }}>
            {cut(0, problem().position)}
            <mark data-testid="search-mark">
              {cut(problem().position, problem().position + Math.max(1, problem().length)) ||
                '\u00a0'}
            </mark>
          </span>
        </div>
      )}
    </Show>
  );
}

function Offers(props: {
  id: string; offered: Suggestions | null; chosen: number; onChoose: (item: SuggestedText) => void;
}): JSX.Element {
  return (
    <ul id={props.id} class="search-offers" role="listbox" data-testid="search-offers"
      aria-label={tSearch().offers} hidden={props.offered === null}>
      <For each={props.offered?.items ?? []}>
        {(item, index) => (
          <li id={`${props.id}-${index()}`} role="option" aria-selected={index() === props.chosen}
            onPointerDown={(event) => { event.preventDefault(); props.onChoose(item); }}>
            <bdi>{item.text}</bdi>
            <span class="quiet">
              {item.kind === 'value' ? '' : tSearch().kinds[item.kind]}
              {item.count > 0 ? ` ${f().compact(item.count)}` : ''}
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}

function Wrong(props: {
  id: string; problem: QueryProblem | null; onCorrect: (problem: QueryProblem) => void;
}): JSX.Element {
  return (
    <Show when={props.problem}>
      {(problem) => (
        <div id={props.id} class="search-wrong" role="status" data-testid="search-problem">
          <span>{tSearch().problems[problem().code] ?? problem().message}</span>
          <Show when={problem().suggestion}>
            {(suggestion) => (
              <button type="button" class="link" data-testid="search-correct"
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => props.onCorrect(problem())}>
                {tSearch().write(suggestion())}
              </button>
            )}
          </Show>
        </div>
      )}
    </Show>
  );
}
