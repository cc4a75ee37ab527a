// What can be done with the chosen rows of a list; fetched with the first row that is chosen.
import { type JSX, lazy, Show, Suspense } from 'solid-js';
import type { Choice } from '../lib/choice';
import type { ChoiceUse } from './choice_use';

const ChoiceBar = lazy(() => import('./ChoiceBar'));

export function ForChosen<T>(props: { choice: Choice<T>; use: ChoiceUse<T> }): JSX.Element {
  return (
    <Show when={props.choice.rows().length > 0}>
      <Suspense><ChoiceBar choice={props.choice} use={props.use} /></Suspense>
    </Show>
  );
}
