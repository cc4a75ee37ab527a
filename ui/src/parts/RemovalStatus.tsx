// What a change to a list of removable things led to: its problem, or what was removed, with undo.
import { type JSX, Show } from 'solid-js';
import { tCommon } from '../i18n/shell';

interface Named { attributes: { name: string } }

export function RemovalStatus<One extends Named>(props: {
  problem: string;
  removed: One | null;
  words: (name: string) => string;
  testId: string;
  onUndo: (one: One) => void;
}): JSX.Element {
  return (
    <p role="status" classList={{ bad: props.problem !== '' }} dir="auto">{props.problem}
      <Show when={!props.problem && props.removed}>
        {(one) => <>{props.words(one().attributes.name)}{' '}
          <button type="button" class="link" data-testid={props.testId}
            onClick={() => props.onUndo(one())}>{tCommon().undo}</button></>}
      </Show></p>
  );
}
