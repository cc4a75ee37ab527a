// Where do monitors tell people? Make a channel, change it, try it; and what was sent last.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show, untrack } from 'solid-js';
import { type Channel, type ChannelKind, channelsApi, type ChannelSettings, kinds } from '../api/channels';
import { key, type Problem } from '../api/client';
import { monitorsApi } from '../api/monitors';
import { tChannels } from '../i18n/channels';
import { type Field, fieldsOf, settingsOf, targetOf } from '../lib/channel';
import { every } from '../lib/fresh';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { MonitorNotices } from '../parts/MonitorNotices';
import { ProblemNotice } from '../parts/Notice';
import { createChange } from './removable';

const againEveryMs = 15_000;

function Setting(props: { kind: ChannelKind; field: Field; before: Channel | null }): JSX.Element {
  const isKept = () => props.before?.secrets.includes(props.field.name) ?? false;
  const label = () => tChannels().fields[`${props.kind}.${props.field.name}`];
  const value = () => props.before?.settings[props.field.name] ?? '';
  return (
    <label class="wide">{label()}
      <Show when={props.field.long} fallback={
        <input name={props.field.name} value={value()} spellcheck={false}
          required={props.field.required && !isKept()}
          type={props.field.secret ? 'password' : 'text'} autocomplete="off" />}>
        <textarea name={props.field.name} rows={3} class="mono" spellcheck={false}>
          {value()}</textarea></Show>
      <Show when={isKept()}><span class="quiet">{tChannels().keeps}</span></Show>
    </label>
  );
}

function ChannelForm(props: {
  before: Channel | null; onSave: (name: string, settings: ChannelSettings) => unknown;
  onCancel: () => void;
}): JSX.Element {
  const before = untrack(() => props.before);
  const [kind, setKind] = createSignal<ChannelKind>(before?.kind ?? 'slack');
  return (
    <form class="monitor-form" data-testid="channel-form" onSubmit={(event) => {
      event.preventDefault();
      const data = new FormData(event.currentTarget);
      const text = (name: string) => String(data.get(name) ?? '');
      props.onSave(before?.name ?? `${kind()}-${text('name').trim()}`,
        settingsOf(kind(), text, before));
    }}>
      <Show when={!before} fallback={<h2 class="wide">@{before?.name}</h2>}>
        <label>{tChannels().kind}
          <select name="kind" value={kind()} onChange={(event) =>
            setKind(event.currentTarget.value as ChannelKind)}>
            <For each={kinds}>{(one) => (
              <option value={one} selected={one === kind()}>{tChannels().kinds[one]}</option>
            )}</For>
          </select></label>
        <label>{tChannels().name}
          <input name="name" required pattern="[A-Za-z0-9._\-]+" maxLength={100}
            title={tChannels().nameHelp} autocomplete="off" /></label>
      </Show>
      <For each={fieldsOf[kind()]}>{(field) => (
        <Setting kind={kind()} field={field} before={before} />)}</For>
      <button type="submit" class="primary">{tChannels().save}</button>
      <button type="button" class="button" onClick={() => { props.onCancel(); }}>{tChannels().cancel}</button>
    </form>
  );
}

function Row(props: {
  one: Channel; onEdit: () => void; onTry: () => void; onRemove: () => void;
}): JSX.Element {
  const words = () => tChannels();
  return (
    <tr data-testid="channel-row">
      <th scope="row"><bdi>@{props.one.name}</bdi></th>
      <td>{words().kinds[props.one.kind]}</td>
      <td><bdi>{oneLine(targetOf(props.one))}</bdi>
        <Show when={targetOf(props.one) === ''}>
          <span class="quiet">{words().secret}</span></Show></td>
      <td class="narrow-acts"><div class="channel-acts">
        <button type="button" class="link" onClick={() => { props.onTry(); }}
          aria-label={words().attemptOf(props.one.name)}>{words().attempt}</button>
        <button type="button" class="link" onClick={() => { props.onEdit(); }}
          aria-label={words().editOf(props.one.name)}>{words().edit}</button>
        <button type="button" class="link" onClick={() => { props.onRemove(); }}
          aria-label={words().removeOf(props.one.name)}>{words().remove}</button></div></td>
    </tr>
  );
}

function Channels(props: {
  all: Channel[]; onEdit: (one: Channel) => void; onTry: (one: Channel) => void;
  onRemove: (one: Channel) => void;
}): JSX.Element {
  const words = () => tChannels();
  return (
    <Show when={props.all.length > 0} fallback={<p class="empty">{words().none}</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
        <table class="pairs cost-table narrows" data-testid="channels">
          <thead><tr><th scope="col">{words().mention}</th><th scope="col">{words().kind}</th>
            <th scope="col">{words().goes}</th><td /></tr></thead>
          <tbody><For each={props.all}>{(one) => (
            <Row one={one} onEdit={() => { props.onEdit(one); }} onTry={() => { props.onTry(one); }}
              onRemove={() => { props.onRemove(one); }} />)}</For></tbody>
        </table>
      </div>
    </Show>
  );
}

export default function ChannelsPage(): JSX.Element {
  const words = () => tChannels();
  useTitle(() => words().title);
  const [turn, setTurn] = createSignal(0);
  every(againEveryMs, () => setTurn((before) => before + 1));
  const [channels, { refetch }] = createResource(() => ({ key: key() }), () => channelsApi.list());
  const [notices] = createResource(() => ({ key: key(), turn: turn() }),
    () => monitorsApi.allNotices());
  // null: a new one; undefined: the form is closed.
  const [edited, setEdited] = createSignal<Channel | null | undefined>(undefined);
  const [said, setSaid] = createSignal('');
  const { problem, setProblem, change } = createChange(() => refetch());
  const keep = (isNew: boolean, name: string, settings: ChannelSettings) => change(async () => {
    await (isNew ? channelsApi.make : channelsApi.put)(name, settings);
    setEdited(undefined);
  });
  const attempt = (name: string) => change(async () => {
    setSaid(words().trying(name));
    const tried = await channelsApi.attempt(name).catch((error: unknown) => {
      setSaid('');
      throw error;
    });
    setSaid(tried.delivered ? words().arrived(name)
      : words().notArrived(name, oneLine(tried.problem)));
  });
  const remove = (name: string) => change(async () => {
    await channelsApi.remove(name);
    setSaid(words().removed(name));
  });
  const open = (one: Channel | null) => { setProblem(''); setSaid(''); setEdited(one); };
  return (
    <div class="page monitor">
      <p><A href="/monitors">← {words().back}</A></p>
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <Show when={latestOf(channels)?.mail === false}>
        <p class="caution">{words().noMail}</p></Show>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <p role="status" dir="auto" data-testid="channel-said">{said()}</p>
      <Show when={!channels.error} fallback={<ProblemNotice
        problem={channels.error as Problem} onRetry={() => void refetch()} />}>
        <Show when={edited() === undefined} fallback={
          <For each={[edited() ?? null]}>{(before) => (
            <ChannelForm before={before} onCancel={() => setEdited(undefined)}
              onSave={(name, settings) => void keep(before === null, name, settings)} />)}</For>}>
          <p><button type="button" class="primary" onClick={() => { open(null); }}>
            {words().make}</button></p>
        </Show>
        <Show when={latestOf(channels)} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => <Channels all={all().channels} onEdit={open}
            onTry={(one) => void attempt(one.name)} onRemove={(one) => void remove(one.name)} />}
        </Show>
      </Show>
      <h2>{words().log}</h2>
      <MonitorNotices notices={latestOf(notices) ?? []} />
    </div>
  );
}
