// Which monitors are there, and how are they? Make one, or import one of Datadog's.
import { A, useNavigate } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type Monitor, monitorsApi, type State } from '../api/monitors';
import { tDowntimes } from '../i18n/downtimes';
import { f } from '../i18n/language';
import { tMonitors } from '../i18n/monitors';
import { tCommon } from '../i18n/shell';
import { useAddress } from '../lib/address';
import { every } from '../lib/fresh';
import { toneOfState } from '../lib/monitor';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { Icon } from '../parts/Icons';
import { MuteDialog, mutedWords, Quiet } from '../parts/Mute';
import { ProblemNotice } from '../parts/Notice';
import { createChange } from './removable';

const againEveryMs = 15_000;
const states: readonly State[] = ['Alert', 'Warn', 'No Data', 'OK', 'Ignored', 'Unknown'];
const rank = (one: Monitor) => states.indexOf(one.overall_state);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function Row(props: { one: Monitor; onMute: () => void; onUnmute: () => void }): JSX.Element {
  const words = () => tMonitors();
  const groups = () => Object.values(props.one.state?.groups ?? {});
  const count = () => groups().length;
  const mutedGroups = () => groups().filter((one) => one.muted).length;
  return (
    <tr data-testid="monitor-row" data-state={props.one.overall_state}>
      <td><span class={`badge ${toneOfState(props.one.overall_state)}`}>
        {words().states[props.one.overall_state]}</span></td>
      <th scope="row"><A href={`/monitors/${props.one.id}`}>
        <bdi>{oneLine(props.one.name)}</bdi></A>{' '}
        <Show when={props.one.catalejo.shipped}>
          <span class="badge">{words().shipped}</span></Show>{' '}
        <Show when={props.one.catalejo.muted} fallback={
          <Show when={mutedGroups() > 0}><span class="badge">
            {tDowntimes().mutedGroups(f().number(mutedGroups()), count())}</span></Show>}>
          {(muted) => <span class="badge warn">{mutedWords(muted())}</span>}</Show></th>
      <td class="num wide-only"><Show when={props.one.overall_state_modified}>
        {(when) => f().dateTime(Date.parse(when()))}</Show></td>
      <td class="num wide-only"><Show when={count() > 1}>{words().groupsOf(count())}</Show></td>
      <td class="narrow-acts"><Quiet muted={props.one.catalejo.muted} name={oneLine(props.one.name)} class="link"
        onMute={() => { props.onMute(); }} onUnmute={() => { props.onUnmute(); }} /></td>
    </tr>
  );
}

export default function MonitorsPage(): JSX.Element {
  const words = () => tMonitors();
  useTitle(() => words().title);
  const navigate = useNavigate();
  const { text, setQuery } = useAddress();
  const [turn, setTurn] = createSignal(0);
  every(againEveryMs, () => setTurn((before) => before + 1));
  const [monitors, { refetch }] =
    createResource(() => ({ key: key(), turn: turn() }), () => monitorsApi.list());
  const { problem, setProblem, change } = createChange(() => refetch());
  const [asksMute, setAsksMute] = createSignal<Monitor | null>(null);
  const wanted = () => text('state');
  const shown = () => (monitors.latest ?? [])
    .filter((one) => wanted() === '' || one.overall_state === wanted())
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const take = async (file: File | undefined) => {
    if (!file) return;
    const whole = parsed(await file.text());
    if (whole === null) { setProblem(words().importBad); return; }
    await change(async () => navigate(`/monitors/${(await monitorsApi.take(whole)).id}`));
  };
  return (
    <div class="page monitors">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <div class="dashboard-make">
        <A class="button primary" href="/monitors/new">{words().make}</A>
        <label class="button file-button"><Icon name="up" /> {words().import}
          <input type="file" accept="application/json,.json" class="off-screen"
            data-testid="import-monitor" onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }} /></label>
        <A class="button" href="/monitors/channels">{words().channels}</A>
        <A class="button" href="/monitors/downtimes">{tDowntimes().title}</A>
        <label>{words().state}
          <select value={wanted()} onChange={(event) =>
            setQuery({ state: event.currentTarget.value || null })}>
            <option value="">{words().all}</option>
            <For each={states}>{(one) => (
              <option value={one} selected={one === wanted()}>{words().states[one]}</option>
            )}</For>
          </select></label>
      </div>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <Show when={!monitors.error} fallback={<ProblemNotice
        problem={monitors.error as Problem} onRetry={() => void refetch()} />}>
        <Show when={monitors.latest} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <Show when={shown().length > 0} fallback={
              <p class="empty">{all().length > 0 ? words().noneSo : words().none}</p>}>
              <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
                <table class="pairs cost-table narrows" data-testid="monitors">
                  <thead><tr><th scope="col">{words().state}</th>
                    <th scope="col">{words().name}</th>
                    <th scope="col" class="wide-only">{words().since}</th>
                    <th scope="col" class="wide-only">{words().groups}</th><td /></tr></thead>
                  <tbody><For each={shown()}>{(one) => (
                    <Row one={one} onMute={() => setAsksMute(one)}
                      onUnmute={() => void change(() => monitorsApi.unmute(one.id, '*'))} />
                  )}</For></tbody>
                </table>
              </div>
            </Show>)}
        </Show>
      </Show>
      <p class="off-screen" role="status">{monitors.loading ? tCommon().loading : ''}</p>
      <Show when={asksMute()}>{(one) => (
        <MuteDialog monitor={one()} scope="*" onClose={() => setAsksMute(null)}
          onMuted={() => void refetch()} />)}</Show>
    </div>
  );
}
