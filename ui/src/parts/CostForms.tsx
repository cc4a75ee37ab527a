// What the forms about money share: saved and told, removed with undo.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { Prices } from '../api/cost';
import { tCost } from '../i18n/cost';
import { problemWords } from './Notice';

export function ModelList(props: { id: string; prices: Prices | undefined }): JSX.Element {
  return (
    <datalist id={props.id}>
      <For each={props.prices?.models ?? []}>{(model) => <option value={model.model} />}</For>
    </datalist>
  );
}

// A body without what was not said.
export function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export function validity(held: { from: string | null; to: string | null }): string {
  return held.from || held.to
    ? `${held.from?.slice(0, 10) ?? '…'} – ${held.to?.slice(0, 10) ?? '…'}` : tCost().always;
}

// `send` is given the fields' texts, null when empty.
export function createForm(
  send: (text: (name: string) => string | null) => Promise<unknown>, onSaved: () => void,
) {
  const [problem, setProblem] = createSignal('');
  const [saved, setSaved] = createSignal(false);
  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    try {
      await send((name) => String(data.get(name) ?? '').trim() || null);
      setProblem('');
      setSaved(true);
      onSaved();
    } catch (error) {
      setSaved(false);
      setProblem(problemWords(error));
    }
  };
  return {
    onSubmit: (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
      event.preventDefault();
      void save(event.currentTarget);
    },
    Said: (): JSX.Element => (
      <p role="status" classList={{ bad: problem() !== '', good: saved() }} dir="auto">
        {problem() || (saved() ? tCost().saved : '')}</p>
    ),
  };
}

export function createRemoval<T>(of: {
  name: (one: T) => string;
  remove: (one: T) => Promise<unknown>;
  again: (one: T) => Promise<unknown>;
  done: () => void;
}) {
  const [gone, setGone] = createSignal<T | null>(null);
  const [problem, setProblem] = createSignal('');
  const change = async (work: Promise<unknown>, left: T | null) => {
    try {
      await work;
      setProblem('');
      setGone(() => left);
    } catch (error) {
      setProblem(problemWords(error));
    }
    of.done();
  };
  return {
    remove: (one: T) => void change(of.remove(one), one),
    Said: (): JSX.Element => (
      <p role="status" dir="auto" classList={{ bad: problem() !== '' }}>
        {problem()}
        <Show when={problem() === '' && gone()}>
          {(one) => <>{tCost().removed(of.name(one() as T))}{' '}
            <button type="button" class="link" data-testid="undo-cost"
              onClick={() => void change(of.again(one() as T), null)}>{tCost().undo}</button></>}
        </Show></p>
    ),
  };
}
