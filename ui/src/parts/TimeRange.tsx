import { createSignal, For, type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tRange } from '../i18n/list';
import { tCommon } from '../i18n/shell';
import {
  type ListState, presetOf, presets, type Range, resolveRange,
} from '../lib/url_state';
import { Menu } from './Menu';

// What an <input type="datetime-local"> holds: local time without a zone.
function localText(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19);
}

export function rangeWords(state: ListState, range: Range): string {
  const preset = presetOf(state);
  return preset
    ? tRange().presets[preset]
    : `${f().dateTime(range.fromMs)} – ${
      state.to === 'now' ? '…' : f().dateTime(range.toMs)}`;
}

function Custom(props: {
  range: Range; onRange: (from: string, to: string) => void;
}): JSX.Element {
  // eslint-disable-next-line solid/reactivity -- a form starts from the range it was opened with
  const [from, setFrom] = createSignal(localText(props.range.fromMs));
  // eslint-disable-next-line solid/reactivity -- as above
  const [to, setTo] = createSignal(localText(props.range.toMs));
  const wrong = () => !(Date.parse(from()) < Date.parse(to()));
  return (
    <form class="custom-range" onSubmit={(event) => {
      event.preventDefault();
      if (!wrong()) props.onRange(String(Date.parse(from())), String(Date.parse(to())));
    }}>
      <label>{tRange().from}
        <input type="datetime-local" step="1" value={from()}
          onInput={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>{tRange().to}
        <input type="datetime-local" step="1" value={to()}
          onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <Show when={wrong()}><p class="bad" role="alert">{tRange().wrong}</p></Show>
      <button type="submit" class="primary" disabled={wrong()}>{tCommon().apply}</button>
    </form>
  );
}

export function TimeRange(props: {
  state: ListState; range: Range; onRange: (from: string, to: string) => void;
}): JSX.Element {
  const words = () => rangeWords(props.state, props.range);
  return (
    <Menu label={`${tRange().label}: ${words()}`} icon="clock" testId="time-range" text={words()}>
      {(close) => {
        const choose = (from: string, to: string) => { close(); props.onRange(from, to); };
        return (
          <>
            <For each={presets}>
              {(preset) => (
                <button type="button" class="menu-item"
                  aria-pressed={presetOf(props.state) === preset}
                  onClick={() => choose(`now-${preset}`, 'now')}>
                  {tRange().presets[preset]}
                </button>
              )}
            </For>
            <h3>{tRange().custom}</h3>
            <Custom range={resolveRange(props.state, Date.now())} onRange={choose} />
          </>
        );
      }}
    </Menu>
  );
}
