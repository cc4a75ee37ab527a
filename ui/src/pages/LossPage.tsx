// Is anything lost? The ledger's equation in words and numbers, refreshed every two seconds.
import { A } from '@solidjs/router';
import { createSignal, For, type JSX, onMount, Show } from 'solid-js';
import { api, type Problem } from '../api/client';
import type { Account, Cardinality, CrowdedMetric, Ledger } from '../api/types';
import { f } from '../i18n/language';
import { tLoss } from '../i18n/loss';
import { tCommon } from '../i18n/shell';
import { msOfNs } from '../lib/format';
import { every } from '../lib/fresh';
import { differenceOf, rejectedOf } from '../lib/ledger';
import { useTitle } from '../lib/title';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';

const refreshMs = 2_000;
const crowdedMs = 30_000;
const terms = ['stored', 'cut', 'duplicate', 'sampled_out', 'rejected', 'in_flight'] as const;

function Verdict(props: { ledger: Ledger }): JSX.Element {
  const spans = () => differenceOf(props.ledger.spans);
  const evaluations = () => differenceOf(props.ledger.evaluations);
  const points = () => differenceOf(props.ledger.metric_points);
  const events = () => differenceOf(props.ledger.events);
  const rejected = () =>
    rejectedOf(props.ledger.spans) + rejectedOf(props.ledger.evaluations) +
    rejectedOf(props.ledger.metric_points) + rejectedOf(props.ledger.events);
  const received = () => props.ledger.spans.received + props.ledger.metric_points.received +
    props.ledger.events.received;
  const balanced = () =>
    spans() === 0 && evaluations() === 0 && points() === 0 && events() === 0;
  const words = () => {
    if (spans() !== 0) return tLoss().unbalanced(f().number(Math.abs(spans())));
    if (evaluations() !== 0) {
      return tLoss().evaluationsUnbalanced(f().number(Math.abs(evaluations())));
    }
    if (points() !== 0) return tLoss().pointsUnbalanced(f().number(Math.abs(points())));
    if (events() !== 0) return tLoss().eventsUnbalanced(f().number(Math.abs(events())));
    return tLoss().balanced;
  };
  return (
    <p class="lead" data-testid="loss-sentence" role="status"
      classList={{ good: balanced(), bad: !balanced() }}>
      <Icon name={balanced() ? 'ok' : 'error'} /> {words()}{' '}
      <span class="plain">
        <Show when={received() > 0} fallback={
          <>{tLoss().nothingYet} <A href="/connect">{tCommon().connect}</A>.</>}>
          {rejected() > 0 ? tLoss().lost(f().number(rejected())) : tLoss().nothingLost}</Show>
      </span>
    </p>
  );
}

function Equation(props: { title: string; account: Account; name: string }): JSX.Element {
  const value = (term: (typeof terms)[number]) =>
    term === 'rejected' ? rejectedOf(props.account) : props.account[term];
  return (
    <section class="equation" data-testid={`loss-${props.name}`}>
      <h2>{props.title}</h2>
      <dl>
        <div class="total">
          <dt>{tLoss().received}</dt>
          <dd class="num">{f().number(props.account.received)}</dd>
          <dd class="explain">{tLoss().explain.received}</dd>
        </div>
        <For each={terms}>
          {(term, i) => (
            <div classList={{
              zero: value(term) === 0,
              bad: term === 'rejected' && value(term) > 0,
              caution: term === 'cut' && value(term) > 0,
            }}>
              <dt><span class="sign" aria-hidden="true">{i() === 0 ? '=' : '+'}</span>
                {tLoss()[term]}</dt>
              <dd class="num">{f().number(value(term))}</dd>
              <dd class="explain">{tLoss().explain[term]}</dd>
            </div>
          )}
        </For>
      </dl>
      <Reasons title={tLoss().reasonsTitle} reasons={props.account.rejected} />
    </section>
  );
}

function Reasons(props: {
  title: string; reasons: Record<string, number>; none?: string;
}): JSX.Element {
  const entries = () => Object.entries(props.reasons).sort((a, b) => b[1] - a[1]);
  return (
    <Show when={entries().length > 0} fallback={
      <Show when={props.none}><h3>{props.title}</h3><p class="quiet">{props.none}</p></Show>}>
      <h3>{props.title}</h3>
      <table class="pairs">
        <tbody>
          <For each={entries()}>
            {([reason, count]) => (
              <tr><th scope="row" class="mono">{reason}</th>
                <td class="num">{f().number(count)}</td></tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}

// What it lost, and which of its tags is to blame.
function Crowded(props: { cardinality: Cardinality }): JSX.Element {
  const lost = (one: CrowdedMetric) => [
    one.points_refused > 0 ? tLoss().refusedPoints(f().number(one.points_refused)) : '',
    one.values_merged > 0 ? tLoss().mergedValues(f().number(one.values_merged)) : '',
  ].filter((words) => words !== '').join(' · ');
  return (
    <section data-testid="loss-crowded">
      <h2>{tLoss().crowdedTitle}</h2>
      <p class="quiet">{tLoss().crowdedWhy(f().number(props.cardinality.series_max))}</p>
      <For each={props.cardinality.metrics}>
        {(one) => (
          <>
            <h3 class="mono" dir="auto">{one.metric || tLoss().otherMetrics}</h3>
            <p class="bad">{lost(one)}</p>
            <Show when={one.tags[0]} fallback={<p>{tLoss().noTags}</p>}>
              {(tag) => <p dir="auto">{tLoss().manyValues(tag().key, f().number(tag().values))}</p>}
            </Show>
            <table class="pairs">
              <tbody>
                <For each={one.tags}>
                  {(tag) => (
                    <tr><th scope="row" class="mono" dir="auto">{tag.key}</th>
                      <td class="num">{f().number(tag.values)}</td></tr>
                  )}
                </For>
              </tbody>
            </table>
          </>
        )}
      </For>
    </section>
  );
}

function Store(props: { ledger: Ledger }): JSX.Element {
  const store = () => props.ledger.store;
  const lines = (): [string, string][] => [
    [tLoss().database, store().database],
    [tLoss().rowsInserted, f().number(store().rows_inserted)],
    [tLoss().rowsWaiting, f().number(store().rows_waiting)],
    [tLoss().logBytes, f().bytes(store().log_bytes)],
    [tLoss().restarts, f().number(store().child_restarts)],
  ];
  return (
    <section>
      <h2>{tLoss().store}</h2>
      <p classList={{ good: store().ready, warn: !store().ready }}>
        <Icon name={store().ready ? 'ok' : 'warn'} />{' '}
        {store().ready ? tLoss().storeReady : tLoss().storeNotReady}
      </p>
      <Show when={store().problem}><p class="bad" dir="auto">{store().problem}</p></Show>
      <table class="pairs">
        <tbody>
          <For each={lines()}>
            {([name, value]) => (
              <tr><th scope="row">{name}</th><td class="num">{value}</td></tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}

export default function LossPage(): JSX.Element {
  useTitle(() => tLoss().title);
  const [ledger, setLedger] = createSignal<Ledger | null>(null);
  const [crowded, setCrowded] = createSignal<Cardinality | null>(null);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const load = async () => {
    try {
      const read = await api.ledger();
      setLedger(read);
      // Counting the values of tags is some work: only where something was left out.
      if (read.metric_points.received > 0 && !crowded()) await look();
      setProblem(null);
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  const look = async () => {
    const found = await api.cardinality();
    if (found.metrics.length > 0) setCrowded(found);
  };
  onMount(() => void load());
  every(crowdedMs, () => void (crowded() && look().catch(() => undefined)));
  every(refreshMs, () => void load());
  return (
    <div class="page loss">
      <h1>{tLoss().title}</h1>
      <Show when={problem()}>
        {(p) => <ProblemNotice problem={p()} onRetry={() => void load()} />}
      </Show>
      <Show when={ledger()} fallback={
        <Show when={!problem()}><div class="skeleton skeleton-page" /></Show>}>
        {(l) => (
          <>
            <Verdict ledger={l()} />
            <p class="quiet">{tLoss().since(f().dateTime(msOfNs(l().since_ns)))}</p>
            <div class="columns">
              <Equation title={tLoss().spans} account={l().spans} name="spans" />
              <Equation title={tLoss().evaluations} account={l().evaluations}
                name="evaluations" />
              <Show when={l().metric_points.received > 0}>
                <Equation title={tLoss().points} account={l().metric_points} name="points" />
              </Show>
              <Show when={l().events.received > 0}>
                <Equation title={tLoss().events} account={l().events} name="events" />
              </Show>
              <Show when={crowded()}>{(found) => <Crowded cardinality={found()} />}</Show>
              <div>
                <Store ledger={l()} />
                <section>
                  <Reasons title={tLoss().requestsTitle} reasons={l().requests_rejected}
                    none={tLoss().requestsNone} />
                </section>
              </div>
            </div>
          </>
        )}
      </Show>
    </div>
  );
}
