// When a monitor would have gone off: its changes in a time that is over.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { MetricLine } from '../api/dashboards';
import { monitorsApi, type Replay, type ReplayChange } from '../api/monitors';
import { f } from '../i18n/language';
import { tMonitors } from '../i18n/monitors';
import { toneOfState } from '../lib/monitor';
import { oneLine } from '../lib/text';
import type { Range } from '../lib/url_state';
import { problemWords } from './Notice';

const lookSeconds = 60;

// What was compared at each look, as lines of a chart.
export const linesOf = (replay: Replay): MetricLine[] => replay.lines.map((line) => ({
  expression: line.group, scope: line.group, tag_set: [], query_index: 0, interval: lookSeconds,
  pointlist: line.values.map(([at, value]): [number, number] => [at * 1000, value]),
}));

export function Fired(props: { changes: ReplayChange[] }): JSX.Element {
  const words = () => tMonitors();
  return (
    <Show when={props.changes.length > 0} fallback={
      <p class="quiet" role="status">{words().wouldStayQuiet}</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().wouldHave}>
        <table class="pairs cost-table" data-testid="monitor-replay">
          <thead><tr><th scope="col">{words().when}</th><th scope="col">{words().group}</th>
            <th scope="col">{words().change}</th><th scope="col">{words().value}</th>
            <th scope="col">{words().message}</th></tr></thead>
          <tbody><For each={props.changes}>{(one) => (
            <tr>
              <td class="num">{f().dateTime(one.at * 1000)}</td>
              <th scope="row"><bdi>{one.group === '*' ? words().everything : one.group}</bdi></th>
              <td>{words().states[one.from]} → <b class={toneOfState(one.to)}>
                {words().states[one.to]}</b></td>
              <td class="num">{one.value === null ? '–' : f().number(one.value)}</td>
              <td dir="auto">{oneLine(one.title || (one.told ? '' : '–'))}</td>
            </tr>)}</For></tbody>
        </table>
      </div>
    </Show>
  );
}

const dayMs = 86_400_000;

// Asked for on purpose: a day is a look for each of its minutes.
export function WouldHave(props: { monitor: number; range: () => Range }): JSX.Element {
  const words = () => tMonitors();
  const [changes, setChanges] = createSignal<ReplayChange[] | null>(null);
  const [said, setSaid] = createSignal('');
  const ask = async () => {
    setSaid(words().asking);
    const { fromMs, toMs } = props.range();
    try {
      const replay = await monitorsApi.replay(
        { id: props.monitor }, Math.max(fromMs, toMs - dayMs), toMs);
      setChanges(replay.changes);
      setSaid('');
    } catch (error) {
      setSaid(problemWords(error));
    }
  };
  return (
    <section>
      <h2>{words().wouldHave}</h2>
      <p><button type="button" class="button" data-testid="replay" onClick={() => void ask()}>
        {words().askWouldHave}</button> <span role="status" dir="auto">{said()}</span></p>
      <Show when={changes()}>{(all) => <Fired changes={all()} />}</Show>
    </section>
  );
}
