// The labels of a queue as a form that is filled in by keys.
import { createEffect, For, type JSX, Match, on, Show, Switch } from 'solid-js';
import type { Label, Value } from '../api/queues';
import { f } from '../i18n/language';
import { tQueues } from '../i18n/queues';
import { choicesOf, type Chosen, type Draft, isChosen } from '../lib/review';

interface Props {
  labels: Label[];
  draft: Draft;
  marked: number;
  onMark: (at: number) => void;
  onChoose: (label: Label, choice: Value) => void;
  onSet: (label: Label, chosen: Chosen) => void;
}

function choiceWord(choice: Value): string {
  if (typeof choice === 'boolean') return choice ? tQueues().doing.yes : tQueues().doing.no;
  return typeof choice === 'number' ? f().number(choice) : String(choice);
}

export function ReviewForm(props: Props): JSX.Element {
  return (
    <ol class="review-labels">
      <For each={props.labels}>
        {(label, i) => <LabelField {...props} label={label} at={i()}
          chosen={props.draft[label.id ?? '']} />}
      </For>
    </ol>
  );
}

function LabelField(props: Props & {
  label: Label; at: number; chosen: Chosen | undefined;
}): JSX.Element {
  let box!: HTMLLIElement;
  const words = () => tQueues().doing;
  const choices = () => choicesOf(props.label);
  const marked = () => props.marked === props.at;
  createEffect(on(marked, (now) => { if (now) box.scrollIntoView({ block: 'nearest' }); }));
  const typed = (text: string) => {
    const { reasoning } = props.chosen ?? {};
    props.onSet(props.label, {
      ...(reasoning ? { reasoning } : {}),
      ...(text === '' ? {} : { value: props.label.type === 'score' ? Number(text) : text }),
    });
  };
  const name = () => `label-${props.label.name}`;
  return (
    <li ref={box} class="review-label" classList={{ marked: marked() }} data-testid={name()}
      onFocusIn={() => props.onMark(props.at)}>
      <p id={name()}><strong><bdi>{props.label.name}</bdi></strong>{' '}
        <Show when={props.label.is_required}><span class="badge">{words().required}</span></Show>
      </p>
      <Show when={props.label.description}>
        {(hint) => <p class="quiet" dir="auto">{hint()}</p>}</Show>
      <Switch fallback={
        <div class="review-choices" role="group" aria-labelledby={name()}>
          <For each={choices()}>
            {(choice, i) => (
              <button type="button" class="button" aria-keyshortcuts={marked() && i() < 9
                ? String(i() + 1) : undefined}
              aria-pressed={isChosen(props.label, props.chosen, choice)}
              onClick={() => props.onChoose(props.label, choice)}>
                <Show when={marked() && i() < 9}><kbd>{i() + 1}</kbd></Show>
                <bdi>{choiceWord(choice)}</bdi></button>
            )}
          </For>
        </div>}>
        <Match when={props.label.type === 'text'}>
          <textarea rows={3} dir="auto" aria-labelledby={name()} maxLength={16_000}
            value={String(props.chosen?.value ?? '')}
            onInput={(event) => typed(event.currentTarget.value)} />
        </Match>
        <Match when={props.label.type === 'score' && choices().length === 0}>
          <input type="number" aria-labelledby={name()} min={props.label.min} max={props.label.max}
            step={props.label.step ?? (props.label.is_integer ? 1 : 'any')}
            value={String(props.chosen?.value ?? '')}
            onInput={(event) => typed(event.currentTarget.value)} />
        </Match>
      </Switch>
      <Show when={props.label.has_reasoning}>
        <label class="review-why">{words().why}
          <input dir="auto" value={props.chosen?.reasoning ?? ''} maxLength={16_000}
            onInput={(event) => props.onSet(props.label,
              { ...props.chosen, reasoning: event.currentTarget.value })} /></label>
      </Show>
    </li>
  );
}
