// One monitor: what it looks at, how its groups are, what changed, what was told and whether it
// arrived.
import { A, useNavigate, useParams } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { dashboardsApi } from '../api/dashboards';
import {
  type Draft, type GroupState, type Monitor, type MonitorEvent, monitorsApi,
} from '../api/monitors';
import { tDowntimes } from '../i18n/downtimes';
import { f } from '../i18n/language';
import { tMonitors } from '../i18n/monitors';
import { useAddress } from '../lib/address';
import { every } from '../lib/fresh';
import { latestOf } from '../lib/latest';
import { kindOf, toneOfState, watchedOf, watchedSpans } from '../lib/monitor';
import { saveFile } from '../lib/save_file';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { parseState, resolveRange } from '../lib/url_state';
import { MonitorChart } from '../parts/MonitorChart';
import { linesOf, WouldHave } from '../parts/MonitorReplay';
import { MonitorNotices } from '../parts/MonitorNotices';
import { MuteDialog, mutedWords, Quiet } from '../parts/Mute';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';
import { MonitorForm } from './MonitorForm';

const againEveryMs = 15_000;
const moment = (seconds: number) => f().dateTime(seconds * 1000);
const dayBehind = () => ({ fromMs: Date.now() - 86_400_000, toMs: Date.now() });
const figure = (value: number | null) =>
  (value === null ? '–' : f().number(Number(value.toPrecision(4))));

async function save(monitor: Monitor): Promise<void> {
  const { blob } = await monitorsApi.file(monitor.id);
  saveFile(blob, `monitor-${monitor.id}.json`);
}

function Badge(props: { state: GroupState['status'] }): JSX.Element {
  return <span class={`badge ${toneOfState(props.state)}`}>{tMonitors().states[props.state]}</span>;
}

function Groups(props: {
  monitor: Monitor; onMute: (scope: string) => void; onUnmute: (scope: string) => void;
}): JSX.Element {
  const words = () => tMonitors();
  const groups = () => Object.values(props.monitor.state?.groups ?? {});
  const nameOf = (name: string) => (name === '*' ? words().everything : name);
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().groups}>
      <table class="pairs cost-table" data-testid="monitor-groups">
        <thead><tr><th scope="col">{words().state}</th><th scope="col">{words().group}</th>
          <th scope="col">{words().value}</th><th scope="col">{words().since}</th><td /></tr></thead>
        <tbody><For each={groups()}>{(one) => (
          <tr>
            <td><Badge state={one.status} /></td>
            <th scope="row"><bdi>{nameOf(one.name)}</bdi></th>
            <td class="num">{figure(one.value)}</td>
            <td class="num">{one.since === null ? '' : moment(one.since)}</td>
            <td><Show when={one.name !== '*'}>
              <Show when={one.muted}>{(muted) => (
                <span class="badge">{mutedWords(muted())}</span>)}</Show>{' '}
              <Quiet muted={one.muted} name={one.name} class="link"
                onMute={() => { props.onMute(one.name); }}
                onUnmute={() => { props.onUnmute(one.name); }} /></Show></td>
          </tr>)}</For></tbody>
      </table>
    </div>
  );
}

function Events(props: { events: MonitorEvent[] }): JSX.Element {
  const words = () => tMonitors();
  return (
    <Show when={props.events.length > 0} fallback={<p class="quiet">{words().noHistory}</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().history}>
        <table class="pairs cost-table" data-testid="monitor-events">
          <thead><tr><th scope="col">{words().when}</th><th scope="col">{words().group}</th>
            <th scope="col">{words().change}</th><th scope="col">{words().value}</th></tr></thead>
          <tbody><For each={props.events}>{(one) => (
            <tr>
              <td class="num">{moment(one.at)}</td>
              <th scope="row"><bdi>{one.group === '*' ? words().everything : one.group}</bdi></th>
              <td>{words().states[one.from]} → <b class={toneOfState(one.to)}>
                {words().states[one.to]}</b>{' '}
                <span class="quiet">{one.what === 'changed' ? '' : words().what[one.what]}</span></td>
              <td class="num">{figure(one.value)}</td>
            </tr>)}</For></tbody>
        </table>
      </div>
    </Show>
  );
}

function Chart(props: { monitor: Monitor; turn: number }): JSX.Element {
  const { text, setQuery } = useAddress();
  const state = () => parseState(new URLSearchParams({
    from: text('from') || 'now-4h', to: text('to') || 'now',
  }));
  const range = () => { void props.turn; return resolveRange(state(), Date.now()); };
  const isSpans = () => kindOf(props.monitor.query) === 'spans';
  const watched = () =>
    (isSpans() ? watchedSpans(props.monitor.query) : watchedOf(props.monitor.query));
  const [lines] = createResource(
    () => {
      const found = watched();
      return found ? { expression: found.expression, range: range(), id: props.monitor.id } : null;
    },
    async (asked) => {
      const { fromMs, toMs } = asked.range;
      return { range: asked.range, lines: asked.expression
        ? await dashboardsApi.lines(asked.expression, fromMs, toMs)
        : linesOf(await monitorsApi.replay({ id: asked.id }, fromMs, toMs)) };
    });
  return (
    <>
      <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
      <Show when={!lines.error} fallback={
        <p class="bad" role="alert" dir="auto">{problemWords(lines.error)}</p>}>
        <Show when={latestOf(lines)} fallback={<div class="skeleton skeleton-chart" />}>
          {(all) => (
            <Show when={watched()}>
              {(found) => <MonitorChart lines={all().lines} watched={found()} range={all().range}
                warning={props.monitor.options?.thresholds?.warning ?? null} />}</Show>)}
        </Show>
      </Show>
    </>
  );
}

function Shown(props: { monitor: Monitor; turn: number; onChanged: () => void }): JSX.Element {
  const words = () => tMonitors();
  const navigate = useNavigate();
  const [isEdited, setEdited] = createSignal(false);
  const [problem, setProblem] = createSignal('');
  const [asksMute, setAsksMute] = createSignal('');
  useTitle(() => oneLine(props.monitor.name));
  const asked = () => ({ id: props.monitor.id, turn: props.turn });
  const [events] = createResource(asked, ({ id }) => monitorsApi.events(id));
  const [notices] = createResource(asked, ({ id }) => monitorsApi.notices(id));
  /* eslint-disable solid/reactivity -- run by events, where reading is not tracking */
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setProblem('');
      props.onChanged();
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  const unmute = (scope: string) => void change(() => monitorsApi.unmute(props.monitor.id, scope));
  const keep = (draft: Draft) => change(async () => {
    await monitorsApi.put(props.monitor.id, draft);
    setEdited(false);
  });
  const remove = () => void change(async () => {
    await monitorsApi.remove(props.monitor.id);
    navigate('/monitors');
  });
  const exported = () => void change(() => save(props.monitor));
  /* eslint-enable solid/reactivity */
  return (
    <div class="page monitor">
      <div class="dashboard-head">
        <h1 dir="auto">{oneLine(props.monitor.name)}</h1>
        <span data-testid="monitor-state"><Badge state={props.monitor.overall_state} /></span>
        <Show when={props.monitor.catalejo.shipped}>
          <span class="badge">{words().shipped}</span></Show>
        <Show when={props.monitor.catalejo.muted}>{(muted) => (
          <span class="badge warn" data-testid="muted">{mutedWords(muted())}</span>)}</Show>
        <span class="spacer" />
        <Quiet muted={props.monitor.catalejo.muted} name={oneLine(props.monitor.name)} class="button"
          testId="mute" onMute={() => setAsksMute('*')} onUnmute={() => { unmute('*'); }} />
        <A class="button" href={`/monitors/downtimes?monitor=${props.monitor.id}`}>
          {tDowntimes().make}</A>
        <button type="button" class="button" aria-pressed={isEdited()}
          onClick={() => setEdited(!isEdited())}>
          {isEdited() ? words().cancel : words().edit}</button>
        <button type="button" class="button" onClick={exported}>
          {words().export}</button>
        <button type="button" class="button" onClick={remove}>{words().remove}</button>
      </div>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <Show when={props.monitor.catalejo.problem}>
        {(said) => <p class="bad">{words().problem} <bdi>{said()}</bdi></p>}</Show>
      <Show when={props.monitor.catalejo.unsupported.length > 0}>
        <p class="caution">{words().unsupported}{' '}
          <bdi>{oneLine(props.monitor.catalejo.unsupported.join(', '))}</bdi></p></Show>
      <Show when={isEdited()} fallback={
        <p class="mono query-text" dir="auto">{oneLine(props.monitor.query)}</p>}>
        <MonitorForm monitor={props.monitor} onSave={(draft) => void keep(draft)} /></Show>
      <Show when={!isEdited() && kindOf(props.monitor.query) !== 'composite'}>
        <Chart monitor={props.monitor} turn={props.turn} /></Show>
      <h2>{words().groups}</h2>
      <Groups monitor={props.monitor} onMute={setAsksMute} onUnmute={unmute} />
      <h2>{words().history}</h2>
      <Events events={latestOf(events) ?? []} />
      <WouldHave monitor={props.monitor.id} range={dayBehind} />
      <h2>{words().told}</h2>
      <MonitorNotices notices={latestOf(notices) ?? []} />
      <Show when={asksMute()}>{(scope) => (
        <MuteDialog monitor={props.monitor} scope={scope()} onClose={() => setAsksMute('')}
          onMuted={props.onChanged} />)}</Show>
    </div>
  );
}

function Made(): JSX.Element {
  const navigate = useNavigate();
  const [problem, setProblem] = createSignal('');
  const { text } = useAddress();
  const begun = () => text('query');
  useTitle(() => tMonitors().make);
  const make = async (draft: Draft) => {
    try {
      navigate(`/monitors/${(await monitorsApi.make(draft)).id}`);
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return (
    <div class="page monitor">
      <h1>{tMonitors().make}</h1>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <MonitorForm monitor={null} query={begun()} onSave={(draft) => void make(draft)} />
      <p><A href="/monitors">{tMonitors().cancel}</A></p>
    </div>
  );
}

export default function MonitorPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [turn, setTurn] = createSignal(0);
  every(againEveryMs, () => setTurn((before) => before + 1));
  const [monitor, { refetch }] = createResource(
    () => (params.id === 'new' ? null : { id: params.id, key: key(), turn: turn() }),
    (asked) => monitorsApi.one(asked.id));
  return (
    <Show when={params.id !== 'new'} fallback={<Made />}>
      <Show when={!monitor.error} fallback={<div class="page"><ProblemNotice
        problem={monitor.error as Problem} onRetry={() => void refetch()} /></div>}>
        <Show when={latestOf(monitor)} fallback={
          <div class="page"><div class="skeleton skeleton-page" /></div>}>
          {(one) => <Shown monitor={one()} turn={turn()} onChanged={() => void refetch()} />}
        </Show>
      </Show>
    </Show>
  );
}
