// The box at the beginning of a row that chooses it; with Shift, up to it.
import type { JSX } from 'solid-js';
import { tPick } from '../i18n/choosing';

export function ChoiceCell(props: {
  chosen: boolean;
  // `reach`: together with what lies between it and the one chosen last.
  onChoose: (reach: boolean) => void;
}): JSX.Element {
  return (
    <span role="gridcell" class="cell-choice">
      <input type="checkbox" tabIndex={-1} checked={props.chosen} data-testid="choose"
        aria-label={tPick().one}
        onClick={(event) => {
          event.preventDefault();
          const { shiftKey, currentTarget } = event;
          props.onChoose(shiftKey);
          // The press itself is over before the box may show what was chosen.
          setTimeout(() => { currentTarget.checked = props.chosen; });
        }} /></span>
  );
}
