// Times below a picture, spread evenly; a screen reader has them from the picture's own words.
import { For, type JSX } from 'solid-js';
import { f } from '../i18n/language';
import type { Range } from '../lib/url_state';

export function TimeAxis(props: {
  range: Range; ticks?: number; label?: (ms: number) => string;
}): JSX.Element {
  const ticks = () => props.ticks ?? 2;
  const msAt = (i: number) =>
    props.range.fromMs + (i / (ticks() - 1)) * (props.range.toMs - props.range.fromMs);
  return (
    <div class="axis" aria-hidden="true">
      <For each={Array.from({ length: ticks() }, (_, i) => msAt(i))}>
        {(ms) => <span>{props.label ? props.label(ms) : f().dateTime(ms)}</span>}</For>
    </div>
  );
}
