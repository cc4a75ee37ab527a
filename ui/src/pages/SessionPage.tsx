// One conversation over many traces, in order: what was asked and answered in each, how long the
// person waited, how long until they went on.
import { A, useLocation, useNavigate, useParams } from '@solidjs/router';
import { createMemo, createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { api, key, type Problem } from '../api/client';
import { feedbackApi } from '../api/feedback';
import type { Evaluation, Row } from '../api/types';
import { tToQueue } from '../i18n/choosing';
import { tGroups, tSessions } from '../i18n/groups';
import { f } from '../i18n/language';
import { tFilters, tList } from '../i18n/list';
import { tProblem } from '../i18n/shell';
import { tSpan } from '../i18n/span';
import { tTrace } from '../i18n/trace';
import { msOfNs } from '../lib/format';
import { useShortcuts } from '../lib/keys';
import { latestOf } from '../lib/latest';
import { isWithdrawn } from '../lib/opinion';
import { shortModel } from '../lib/names';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { buildTree } from '../lib/tree';
import { AddToQueue } from '../parts/AddToQueue';
import { Copy } from '../parts/Copy';
import {
  Evaluations, evaluationTone, evaluationValue,
} from '../parts/Evaluations';
import { Feedback } from '../parts/Feedback';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { RichText, TextModeSwitch } from '../parts/RichText';
import Thread from '../parts/Thread';

const turnsMax = 500;
const everMs = Date.UTC(2015, 0, 1);

async function turnsOfSession(id: string, search: string) {
  const asked = new URLSearchParams(search);
  const request = new URLSearchParams({
    from: asked.get('from') ?? String(everMs), to: asked.get('to') ?? String(Date.now()),
    limit: String(turnsMax), sort: 'start', session: id,
  });
  return api.rows('traces', request);
}

function sum(rows: Row[], get: (row: Row) => number | null | undefined): number | null {
  const known = rows.map(get).filter((v): v is number => typeof v === 'number');
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

export default function SessionPage(): JSX.Element {
  let list!: HTMLOListElement;
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const navigate = useNavigate();
  const id = () => params.id;
  const [page, { refetch }] = createResource(
    () => ({ id: id(), search: location.search, key: key() }),
    (asked) => turnsOfSession(asked.id, asked.search));
  const rows = createMemo(() => (page.error ? [] : latestOf(page)?.rows ?? []));
  const [judged] = createResource(
    () => rows().length > 0 && rows().map((row) => row.trace_id).filter(Boolean),
    (ids) => feedbackApi.ofTraces(ids).catch(() => []));
  const judgedIn = (row: Row) => (latestOf(judged) ?? []).filter(
    (one) => one.trace_id === row.trace_id && !isWithdrawn(one));
  const move = (by: number) => {
    const turns = [...list.querySelectorAll<HTMLElement>('[data-turn]')];
    const at = turns.findIndex((turn) => turn === document.activeElement);
    turns[Math.max(0, Math.min(turns.length - 1, at + by))]?.focus();
  };
  useTitle(() => tGroups().session.one);
  useShortcuts({
    j: () => move(1), k: () => move(-1), Escape: () => navigate('/sessions'),
  });
  return (
    <div class="page session-page" data-testid="session-page">
      <p><A href="/sessions" class="button"><Icon name="back" /> {tSessions().back}</A></p>
      <h1><span class="quiet">{tGroups().session.one}</span> <bdi class="mono">{oneLine(id())}</bdi>
        <Copy text={id} what={tSpan().factNames.session} /></h1>
      <Show when={!page.error} fallback={
        <ProblemNotice problem={page.error as Problem} onRetry={() => void refetch()} />}>
        <Show when={!page.loading} fallback={<div class="skeleton skeleton-page" />}>
          <Show when={rows().length > 0} fallback={<p class="empty">{tSessions().none}</p>}>
            <SessionHead id={id()} rows={rows()} cut={latestOf(page)?.next !== null} />
            <h2 class="off-screen">{tGroups().session.traces}</h2>
            <ol class="session-turns" ref={list}>
              <For each={rows()}>
                {(row, i) => <TurnOfSession row={row} before={rows()[i() - 1]} n={i() + 1}
                  judged={judgedIn(row)} />}
              </For>
            </ol>
          </Show>
        </Show>
      </Show>
    </div>
  );
}

function SessionHead(props: { id: string; rows: Row[]; cut: boolean }): JSX.Element {
  const failed = () => props.rows.filter((row) => row.status === 'error').length;
  const span = () => {
    const first = props.rows[0];
    const last = props.rows.at(-1);
    return first && last
      ? Number(BigInt(last.start_ns) - BigInt(first.start_ns)) + last.duration_ns : 0;
  };
  const tokens = () => sum(props.rows, (row) => row.trace?.tokens_total ?? row.tokens.total);
  const cost = () => sum(props.rows, (row) => row.cost_usd);
  const users = () => [...new Set(props.rows.map((row) => row.user_id).filter(Boolean))];
  const figures = (): [string, string, (string | undefined)?][] => [
    [tGroups().session.traces, f().number(props.rows.length)],
    [tGroups().session.lasted, f().duration(span())],
    [tSessions().waited, f().duration(sum(props.rows, (row) => row.duration_ns) ?? 0)],
    [tTrace().tokens, tokens() === null ? '—' : f().number(tokens() ?? 0)],
    [tTrace().cost, cost() === null ? '—' : f().cost(cost() ?? 0),
      cost() === null ? tTrace().unknownCost : undefined],
    [tTrace().started, f().dateTime(msOfNs(props.rows[0]?.start_ns ?? '0'))],
  ];
  return (
    <header class="session-head">
      <p class={`verdict ${failed() > 0 ? 'error' : 'ok'}`} data-testid="session-verdict">
        <Icon name={failed() > 0 ? 'error' : 'ok'} />
        <span>{tSessions().verdict({
          turns: props.rows.length, shown: f().number(props.rows.length), failed: failed(),
          failedShown: f().number(failed()), lasted: f().duration(span()),
        })}</span></p>
      <dl class="figures">
        <For each={figures()}>
          {([name, value, why]) => <div title={why}><dt>{name}</dt><dd class="num">{value}</dd></div>}
        </For>
        <Show when={users().length > 0}>
          <div><dt>{tFilters().fields.user}</dt>
            <dd><For each={users()}>{(user) => <A class="chip" href={`/users/${
              encodeURIComponent(user ?? '')}?from=now-30d`}><bdi>{oneLine(user ?? '')}</bdi></A>}
            </For></dd></div></Show>
      </dl>
      <div class="conversation-head">
        <A class="link" href={`/traces?session=${encodeURIComponent(props.id)}&from=now-30d`}>
          {tSessions().asList}</A>
        <AddToQueue title={tToQueue().addOne.session}
          what={() => [{ type: 'session', content_id: props.id }]} />
        <TextModeSwitch /></div>
      <SessionFeedback id={props.id} mlApp={props.rows[0]?.ml_app ?? null} />
      <Show when={props.cut}><p class="caution">{tSessions().cut(f().number(turnsMax))}</p></Show>
    </header>
  );
}

function SessionFeedback(props: { id: string; mlApp: string | null }): JSX.Element {
  const [judged, { refetch }] =
    createResource(() => props.id, (id) => feedbackApi.ofSession(id).catch(() => []));
  return (
    <section class="session-feedback">
      <Evaluations evaluations={latestOf(judged) ?? []} />
      <Feedback evaluations={latestOf(judged) ?? []} onGiven={() => void refetch()} about={[{
        about: 'session', session_id: props.id, ...(props.mlApp ? { ml_app: props.mlApp } : {}),
      }]} />
    </section>
  );
}

function TurnOfSession(props: {
  row: Row; before: Row | undefined; n: number; judged: Evaluation[];
}): JSX.Element {
  const row = () => props.row;
  const [whole, setWhole] = createSignal(false);
  // How long the person took to go on.
  const pauseNs = () => props.before === undefined ? 0
    : Number(BigInt(row().start_ns) - BigInt(props.before.start_ns)) - props.before.duration_ns;
  const traceId = () => row().trace_id || row().apm_trace_id || '';
  return (
    <li tabIndex={-1} data-turn={props.n} data-testid="session-turn">
      <Show when={pauseNs() > 1e9}>
        <p class="session-pause quiet">{tSessions().later(f().duration(pauseNs()))}</p></Show>
      <div class="session-turn-head">
        <h3 class="num quiet">{f().number(props.n)}</h3>
        <span class="num quiet">{f().dateTime(msOfNs(row().start_ns))}</span>
        <Show when={row().status === 'error'}>
          <span class="badge bad">{tList().error}</span></Show>
        <Show when={(row().trace?.errors ?? 0) > 0 && row().status !== 'error'}>
          <span class="badge warn">{tList().failedInside(row().trace?.errors ?? 0)}</span></Show>
        <bdi class="quiet">{shortModel(row().model ?? '')}</bdi>
        <span class="spacer" />
        <span class="num quiet">{f().duration(row().duration_ns)}</span>
        <button type="button" class="link" aria-expanded={whole()} onClick={() => setWhole(!whole())}>
          {whole() ? tSessions().less : tSessions().whole}</button>
        <A class="link" href={`/traces/${traceId()}?full=1&from=now-30d`}>{tSessions().trace}</A>
      </div>
      <Show when={whole()} fallback={<Short row={row()} />}><Whole id={traceId()} /></Show>
      <Show when={props.judged.length > 0}>
        <details class="session-judged" data-testid="turn-judged">
          <summary><For each={props.judged}>
            {(one) => <span class={`chip ${evaluationTone(one)}`}>
              <bdi>{oneLine(one.label)}: {evaluationValue(one)}</bdi></span>}</For></summary>
          <Evaluations evaluations={props.judged} /></details></Show>
    </li>
  );
}

function Short(props: { row: Row }): JSX.Element {
  return (
    <>
      <article class="turn role-user"><h4>{tSpan().roles.user}</h4>
        <Show when={props.row.input} fallback={<p class="quiet">{tList().noInput}</p>}>
          {(text) => <RichText text={text()} what={tSpan().roles.user} />}</Show></article>
      <article class="turn role-assistant"><h4>{tSpan().roles.assistant}</h4>
        <Show when={props.row.status !== 'error'} fallback={
          <p class="bad" dir="auto">{oneLine(`${props.row.error_type ?? ''} ${
            props.row.error_message ?? ''}`).trim() || tList().error}</p>}>
          <Show when={props.row.output} fallback={<p class="quiet">{tList().noOutput}</p>}>
            {(text) => <RichText text={text()} what={tSpan().roles.assistant} />}</Show>
        </Show></article>
    </>
  );
}

function Whole(props: { id: string }): JSX.Element {
  const navigate = useNavigate();
  const [trace] = createResource(() => props.id, (id) => api.trace(id));
  return (
    <Show when={!trace.error} fallback={<p class="bad">{tProblem().title}</p>}>
      <Show when={latestOf(trace)} fallback={<div class="skeleton skeleton-line" />}>
        {(found) => <Thread tree={buildTree(found())} selected={null}
          onSelect={(span) => navigate(`/traces/${props.id}?full=1&span=${span}`)} />}
      </Show>
    </Show>
  );
}
