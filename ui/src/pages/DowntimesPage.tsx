// When is who silent? Plan a downtime, change it, cancel it.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type Downtime, downtimesApi, type Wanted } from '../api/downtimes';
import { monitorsApi } from '../api/monitors';
import { tDowntimes } from '../i18n/downtimes';
import { f } from '../i18n/language';
import { useAddress } from '../lib/address';
import { againOf, minutesIn } from '../lib/downtime';
import { every } from '../lib/fresh';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { momentIn, Monitors, Windows } from '../parts/DowntimeEffect';
import { DowntimeForm } from '../parts/DowntimeForm';
import { ProblemNotice } from '../parts/Notice';
import { createChange } from './removable';

const againEveryMs = 15_000;
const zoneOf = (one: Downtime) =>
  one.attributes.schedule.timezone ?? one.attributes.display_timezone;
const isOver = (one: Downtime) => /^(ended|canceled)$/.test(one.attributes.status);

// "CPU of hosts", "monitors tagged team:sea".
function nameOf(one: Downtime): string {
  const whom = one.attributes.monitor_identifier;
  const named = one.attributes.catalejo.monitors[0];
  if (whom.monitor_id) return named ? oneLine(named.name) : String(whom.monitor_id);
  const tags = whom.monitor_tags ?? [];
  return tags.join() === '*' ? tDowntimes().everyMonitor : tDowntimes().taggedWith(tags.join(', '));
}

function Times(props: { one: Downtime }): JSX.Element {
  const words = () => tDowntimes();
  const said = () => props.one.attributes;
  const now = () => said().catalejo.next[0];
  const when = (time: string) => momentIn(time, zoneOf(props.one));
  return (
    <Show when={said().schedule.recurrences} fallback={
      <p class="num"><Show when={now()} fallback={
        <Show when={said().canceled ?? said().schedule.end}>
          {(time) => words().until(when(time()))}</Show>}>
        {(window) => <>
          {(said().status === 'active' ? words().since : words().from)(when(window().start))},{' '}
          {window().end ? words().until(when(window().end ?? '')) : words().forever}</>}
      </Show></p>}>
      {(all) => (
        <>
          <For each={all()}>{(each) => (
            <p><span class="mono query-text">{each.rrule}</span> ·{' '}
              {f().duration(minutesIn(each.duration) * 60e9)}</p>)}</For>
          <Show when={!isOver(props.one)}>
            <Windows next={said().catalejo.next.slice(0, 3)} zone={zoneOf(props.one)} /></Show>
        </>)}
    </Show>
  );
}

function Row(props: { one: Downtime; onEdit: () => void; onCancel: () => void }): JSX.Element {
  const words = () => tDowntimes();
  const said = () => props.one.attributes;
  const tone = () => ({ active: 'warn', scheduled: '', ended: '', canceled: '' })[said().status];
  return (
    <li class="downtime" data-testid="downtime-row" data-status={said().status}>
      <div class="downtime-head">
        <span class={`badge ${tone()}`}>{words().status[said().status]}</span>
        <h3><bdi>{nameOf(props.one)}</bdi></h3>
        <Show when={said().scope !== '*'}>
          <span class="mono query-text"><bdi>{words().inScope(said().scope)}</bdi></span></Show>
        <span class="spacer" />
        <Show when={!isOver(props.one)}>
          <button type="button" class="link" onClick={() => { props.onEdit(); }}
            aria-label={words().editOf(nameOf(props.one))}>{words().edit}</button>
          <button type="button" class="link" onClick={() => { props.onCancel(); }}
            aria-label={words().cancelOf(nameOf(props.one))}>{words().cancelIt}</button></Show>
      </div>
      <Show when={said().message}>{(text) => <p dir="auto">{text()}</p>}</Show>
      <Times one={props.one} />
      <Show when={!isOver(props.one) && !said().monitor_identifier.monitor_id}>
        <Monitors monitors={said().catalejo.monitors.slice(0, 5)}
          count={said().catalejo.monitors_count} /></Show>
      <p class="quiet">
        <span>{zoneOf(props.one)}</span>
        <Show when={said().catalejo.author}>
          {(author) => <> · <bdi>{words().by(author())}</bdi></>}</Show>
        <Show when={said().catalejo.unsupported.length > 0}>
          {' '}· {words().unsupported} {said().catalejo.unsupported.join(', ')}</Show></p>
    </li>
  );
}

function Lists(props: {
  all: Downtime[]; onEdit: (one: Downtime) => void; onCancel: (one: Downtime) => void;
}): JSX.Element {
  const words = () => tDowntimes();
  const lists = () => [
    { name: 'active', none: words().noneActive,
      rows: props.all.filter((one) => one.attributes.status === 'active') },
    { name: 'scheduled', none: words().noneScheduled,
      rows: props.all.filter((one) => one.attributes.status === 'scheduled') },
    { name: 'over', none: '', rows: props.all.filter(isOver).slice(0, 50) },
  ] as const;
  return (
    <Show when={props.all.length > 0} fallback={<p class="empty">{words().none}</p>}>
      <For each={lists()}>{(list) => (
        <Show when={list.none || list.rows.length > 0}>
          <section>
            <h2>{words().sections[list.name]}</h2>
            <Show when={list.rows.length > 0} fallback={<p class="quiet">{list.none}</p>}>
              <ul class="downtimes" data-testid={`downtimes-${list.name}`}>
                <For each={list.rows}>{(one) => (
                  <Row one={one} onEdit={() => { props.onEdit(one); }}
                    onCancel={() => { props.onCancel(one); }} />)}</For></ul>
            </Show>
          </section>
        </Show>)}</For>
    </Show>
  );
}

export default function DowntimesPage(): JSX.Element {
  const words = () => tDowntimes();
  useTitle(() => words().title);
  const { text } = useAddress();
  const [turn, setTurn] = createSignal(0);
  every(againEveryMs, () => setTurn((before) => before + 1));
  const [downtimes, { refetch }] =
    createResource(() => ({ key: key(), turn: turn() }), () => downtimesApi.list());
  const [monitors] = createResource(() => ({ key: key() }),
    () => monitorsApi.list().catch(() => []));
  // null: a new one; undefined: the form is closed. An address may ask for a new one.
  const [edited, setEdited] = createSignal<Downtime | null | undefined>(
    text('monitor') ? null : undefined);
  const [canceled, setCanceled] = createSignal<Downtime | null>(null);
  const { problem, setProblem, change } = createChange(() => refetch());
  const keep = (before: Downtime | null, wanted: Wanted) => change(async () => {
    await (before ? downtimesApi.change(before.id, wanted) : downtimesApi.make(wanted));
    setEdited(undefined);
  });
  const cancel = (one: Downtime) => change(async () => {
    await downtimesApi.cancel(one.id);
    setCanceled(one);
  });
  const undo = (one: Downtime) => change(async () => {
    await downtimesApi.make(againOf(one));
    setCanceled(null);
  });
  const open = (one: Downtime | null) => { setProblem(''); setCanceled(null); setEdited(one); };
  return (
    <div class="page monitor">
      <p><A href="/monitors">← {words().back}</A></p>
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <div role="status" data-testid="downtime-said"><Show when={canceled()}>
        {(one) => <p><bdi>{words().canceled(nameOf(one()))}</bdi>{' '}
          <button type="button" class="button" onClick={() => void undo(one())}>
            {words().undo}</button></p>}</Show></div>
      <Show when={!downtimes.error} fallback={<ProblemNotice
        problem={downtimes.error as Problem} onRetry={() => void refetch()} />}>
        <Show when={edited() === undefined} fallback={
          <Show when={latestOf(monitors)} fallback={<div class="skeleton skeleton-page" />}>
            {(all) => <For each={[edited() ?? null]}>{(before) => (
              <DowntimeForm before={before} monitors={all()} monitor={text('monitor')}
                ask={downtimesApi.preview} onStop={() => setEdited(undefined)}
                onSave={(wanted) => void keep(before, wanted)} />)}</For>}</Show>}>
          <p><button type="button" class="primary" data-testid="plan" onClick={() => { open(null); }}>
            {words().make}</button></p>
        </Show>
        <Show when={latestOf(downtimes)} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => <Lists all={all()} onEdit={open} onCancel={(one) => void cancel(one)} />}
        </Show>
      </Show>
    </div>
  );
}
