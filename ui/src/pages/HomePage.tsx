// Is anything wrong? What changed against the period before, which errors, which outliers, and the
// figures side by side. Where a reader lands.
import { A } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { type Change, insightApi, type Insights } from '../api/insights';
import { tInsights } from '../i18n/insights';
import { f } from '../i18n/language';
import { useAddress } from '../lib/address';
import { changeWords, reasonWords, spansAddress } from '../lib/change_words';
import { latestOf } from '../lib/latest';
import { useTitle } from '../lib/title';
import { parseState, requestOf, resolveRange } from '../lib/url_state';
import { Errors, Figures, Outliers, SideBySide } from '../parts/HomeParts';
import { ProblemNotice } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';

const periods = ['before', 'day', 'week'] as const;
const callsToCompare = 20;
const retriedSearch = '@meta.metadata.azure.retries:>0';

function Changed(props: { change: Change; from: string; to: string }): JSX.Element {
  const address = () => spansAddress(
    props.change.query, props.change.metric === 'gone' ? 'now-7d' : props.from, props.to);
  const retried = () => {
    const place = Object.entries(props.change.query).filter(([name]) => name !== 'min_duration_ms');
    return spansAddress(
      { ...Object.fromEntries(place), query: retriedSearch }, props.from, props.to);
  };
  return (
    <li data-testid="change" class="change" classList={{ worse: props.change.worse }}>
      <A href={address()} title={tInsights().show}>
        <bdi>{changeWords(tInsights(), f(), props.change)}</bdi></A>
      <span class="quiet num">{tInsights().calls(
        f().number(props.change.calls_now), f().number(props.change.calls_before))}</span>
      <Show when={reasonWords(tInsights(), f(), props.change)}>
        {(reason) => <p class="because" data-testid="because">{reason()}{' '}
          <A href={retried()}>{tInsights().showRetried}</A></p>}
      </Show>
    </li>
  );
}

function sentenceOf(found: Insights): string {
  if (found.before.calls < callsToCompare) return tInsights().noBefore;
  if (found.changes.length === 0) return tInsights().quiet(f().number(found.now.calls));
  const harmful = found.changes.filter(
    (change) => change.worse && change.metric !== 'appeared').length;
  return tInsights().some(found.changes.length, harmful);
}

function Empty(): JSX.Element {
  return (
    <section data-testid="home-empty">
      <h2>{tInsights().emptyTitle}</h2>
      <p>{tInsights().emptyHint} <A href="/connect">{tInsights().connect}</A></p>
      <p><A href="/traces">{tInsights().explore}</A></p>
    </section>
  );
}

export default function HomePage(): JSX.Element {
  useTitle(() => tInsights().title);
  const { text, setQuery } = useAddress();
  const against = () => periods.find((name) => name === text('against')) ?? 'before';
  const state = () => {
    const given = new URLSearchParams(location.search);
    given.set('from', text('from') || 'now-1h');
    given.set('to', text('to') || 'now');
    return parseState(given);
  };
  const range = () => resolveRange(state(), Date.now());
  const asked = () => ({ from: text('from'), to: text('to'), against: against() });
  const request = () => {
    const made = requestOf({ ...state(), view: 'spans' }, range());
    made.set('against', against());
    return made;
  };
  const [insights, { refetch }] = createResource(asked, () => insightApi.insights(request()));
  const [errors] = createResource(asked, () => insightApi.errors(request()).catch(() => undefined));
  const [outliers] =
    createResource(asked, () => insightApi.outliers(request()).catch(() => undefined));
  return (
    <div class="page home">
      <h1>{tInsights().title}</h1>
      <div class="cost-tools">
        <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
        <label>{tInsights().against}{' '}
          <select data-testid="against" value={against()}
            onChange={(event) => setQuery({ against: event.currentTarget.value })}>
            <For each={periods}>
              {(name) => (
                <option value={name} selected={name === against()}>
                  {tInsights().periods[name]}</option>
              )}
            </For>
          </select>
        </label>
      </div>
      <Show when={insights.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={!insights.error && latestOf(insights)} fallback={
        <Show when={!insights.error}><div class="skeleton skeleton-page" /></Show>}>
        {(found) => (
          <Show when={found().now.calls + found().before.calls > 0} fallback={<Empty />}>
            <section data-testid="changes">
              <h2 class="off-screen">{tInsights().changes}</h2>
              <p class="lead" role="status"><strong>{sentenceOf(found())}</strong></p>
              <ul class="change-list">
                <For each={found().changes}>
                  {(change) => <Changed change={change} from={state().from} to={state().to} />}
                </For>
              </ul>
            </section>
            <Figures before={found().before} now={found().now} />
            <Show when={latestOf(errors)}>{(list) => (
              <Errors errors={list().errors} complete={list().complete} from={state().from}
                to={state().to} />
            )}</Show>
            <Show when={latestOf(outliers)}>{(list) => (
              <Outliers outliers={list().outliers} from={state().from} to={state().to} />
            )}</Show>
            <SideBySide insights={found()} from={state().from} to={state().to} />
          </Show>
        )}
      </Show>
    </div>
  );
}
