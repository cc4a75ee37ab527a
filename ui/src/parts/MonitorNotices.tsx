// What was told, to whom, and whether it arrived.
import { For, type JSX, Show } from 'solid-js';
import type { MonitorNotice } from '../api/monitors';
import { f } from '../i18n/language';
import { tMonitors } from '../i18n/monitors';
import { oneLine } from '../lib/text';

export function MonitorNotices(props: { notices: MonitorNotice[] }): JSX.Element {
  const words = () => tMonitors();
  return (
    <Show when={props.notices.length > 0} fallback={<p class="quiet">{words().noneTold}</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().told}>
        <table class="pairs cost-table" data-testid="monitor-notices">
          <thead><tr><th scope="col">{words().when}</th><th scope="col">{words().title_}</th>
            <th scope="col">{words().channel}</th><th scope="col">{words().arrived}</th></tr></thead>
          <tbody><For each={props.notices}>{(one) => (
            <tr>
              <td class="num">{f().dateTime(one.created)}</td>
              <th scope="row"><bdi>{oneLine(one.title)}</bdi></th>
              <td>@{oneLine(one.channel)}</td>
              <td><span class={one.state === 'given_up' ? 'bad' : ''}>
                {words().arrivals[one.state]}</span>{' '}
                <span class="quiet">{words().tries(one.attempts)} {oneLine(one.problem)}</span></td>
            </tr>)}</For></tbody>
        </table>
      </div>
    </Show>
  );
}
