// What do people ask about? Topics of the inputs of model calls, each with what it costs, how often
// it fails and the calls behind it; and the inputs that fit none.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { askForPatterns, type Example, type Patterns, type Topic } from '../api/patterns';
import { tInsights } from '../i18n/insights';
import { f } from '../i18n/language';
import { tPatterns } from '../i18n/patterns';
import { useAddress } from '../lib/address';
import { spansAddress } from '../lib/change_words';
import { latestOf } from '../lib/latest';
import { sorted, type TopicSort, topicSorts } from '../lib/topics';
import { useTitle } from '../lib/title';
import { parseState, requestOf, resolveRange, writeState } from '../lib/url_state';
import { FilterChips } from '../parts/FilterBar';
import { ProblemNotice } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';

const periods = ['before', 'day', 'week'] as const;

interface Times { from: string; to: string }

const nameOf = (topic: Topic) => topic.phrases.join(' · ');

function Examples(props: { examples: Example[] } & Times): JSX.Element {
  return (
    <ul class="topic-examples">
      <For each={props.examples}>
        {(one) => (
          <li>
            <A href={`/traces/${one.trace_id}?from=${props.from}&span=${one.span_id}`}
              class="plain" dir="auto">{one.text}</A>{' '}
            <Show when={one.times > 1}>
              <span class="quiet num">{tPatterns().times(f().number(one.times))}</span></Show>{' '}
            <Show when={one.failed}><span class="badge bad">{tPatterns().failed}</span></Show>
          </li>
        )}
      </For>
    </ul>
  );
}

function TopicFigures(props: { topic: Topic }): JSX.Element {
  const share = (part: number, whole: number) => (whole > 0 ? f().percent(part / whole) : '–');
  const rows = () => {
    const { now, before } = props.topic;
    const words = tInsights().figures;
    const cost = now.cost_usd;
    return [
      [tPatterns().share, f().percent(props.topic.share),
        before.calls > 0 ? f().percent(props.topic.share_before) : ''],
      [words.calls, f().number(now.calls), ''],
      [words.errors, share(now.failed, now.calls),
        before.calls > 0 ? share(before.failed, before.calls) : ''],
      [words.p50, now.p50_ns === null ? '–' : f().duration(now.p50_ns), ''],
      [words.p95, now.p95_ns === null ? '–' : f().duration(now.p95_ns),
        before.p95_ns === null ? '' : f().duration(before.p95_ns)],
      [words.cost, cost === null ? '–' : f().cost(cost), ''],
      [words.costPerCall, cost === null ? '–' : f().cost(cost / now.priced_calls), ''],
      [words.judged, share(now.judged_failing, now.judged), ''],
    ] as const;
  };
  return (
    <dl class="topic-figures">
      <For each={rows()}>
        {([name, value, before]) => (
          <div>
            <dt>{name}</dt>
            <dd class="num"><strong>{value}</strong>
              <Show when={before && before !== value}>{' '}
                <span class="quiet">{tInsights().before}: {before}</span></Show></dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function Open(props: { topic: Topic } & Times): JSX.Element {
  // The calls themselves, by id: words that describe a topic would find others too.
  const address = () => spansAddress(
    { query: `@span_id IN [${props.topic.span_ids.join(', ')}]` }, props.from, props.to);
  const shown = () => props.topic.span_ids.length;
  return (
    <Show when={shown() > 0}>
      <p><A href={address()} data-testid="open-topic">{shown() < props.topic.now.calls
        ? tPatterns().openSome(f().number(shown()), f().number(props.topic.now.calls))
        : tPatterns().open(f().number(shown()))}</A></p>
    </Show>
  );
}

function TopicItem(props: { topic: Topic } & Times): JSX.Element {
  const trend = () =>
    (props.topic.trend === 'steady' ? '' : tPatterns().trends[props.topic.trend]);
  return (
    <li class="topic" data-testid="topic">
      <h2><bdi>{nameOf(props.topic) || tPatterns().unnamed}</bdi>{' '}
        <Show when={trend()}>{(words) => <span class="badge">{words()}</span>}</Show></h2>
      <div class="topic-bar" aria-hidden="true">
        <span style={{ width: `${100 * props.topic.share}%` }} /></div>
      <TopicFigures topic={props.topic} />
      <details>
        <summary>{tPatterns().examples}</summary>
        <Examples examples={props.topic.examples} from={props.from} to={props.to} />
      </details>
      <Open topic={props.topic} from={props.from} to={props.to} />
    </li>
  );
}

function Others(props: { topic: Topic } & Times): JSX.Element {
  return (
    <Show when={props.topic.now.calls > 0}>
      <section class="topic" data-testid="no-topic">
        <h2>{tPatterns().others}</h2>
        <p class="quiet">{tPatterns().othersHint}</p>
        <TopicFigures topic={props.topic} />
        <Examples examples={props.topic.examples} from={props.from} to={props.to} />
        <Open topic={props.topic} from={props.from} to={props.to} />
      </section>
    </Show>
  );
}

function HowFound(props: { found: Patterns }): JSX.Element {
  const words = () => tPatterns();
  return (
    <p class="quiet" data-testid="how-found">
      {props.found.looked_at < props.found.calls
        ? words().looked(f().number(props.found.looked_at), f().number(props.found.calls))
        : words().lookedAll(f().number(props.found.calls))}{' '}
      <Show when={props.found.without_text > 0}>
        {words().withoutText(f().number(props.found.without_text))}{' '}</Show>
      {props.found.method === 'embeddings' ? words().byModel : words().byWords}
      <Show when={props.found.embedding_problem}>
        {(why) => <><br />{words().embeddingProblem(why())}</>}</Show>
    </p>
  );
}

function Topics(props: { found: Patterns; sort: TopicSort } & Times): JSX.Element {
  const sentence = () => {
    const largest = props.found.topics[0];
    if (!largest) return tPatterns().none;
    return tPatterns().sentence(props.found.topics.length,
      nameOf(largest) || tPatterns().unnamed, f().percent(largest.share));
  };
  return (
    <>
      <p class="lead" role="status"><strong>{sentence()}</strong></p>
      <HowFound found={props.found} />
      <ol class="topics">
        <For each={sorted(props.found.topics, props.sort)}>
          {(topic) => <TopicItem topic={topic} from={props.from} to={props.to} />}
        </For>
      </ol>
      <Others topic={props.found.others} from={props.from} to={props.to} />
    </>
  );
}

function Working(props: { progress: number }): JSX.Element {
  return (
    <div data-testid="working">
      <p id="working-words" class="quiet">{tPatterns().working}</p>
      <progress aria-labelledby="working-words" max="1" value={props.progress} />
      <div class="skeleton skeleton-page" />
    </div>
  );
}

function Choice<Name extends string>(props: {
  label: string; testid: string; names: readonly Name[]; value: Name;
  words: Record<Name, string>; onChoose: (name: string) => void;
}): JSX.Element {
  return (
    <label>{props.label}{' '}
      <select data-testid={props.testid} value={props.value}
        onChange={(event) => props.onChoose(event.currentTarget.value)}>
        <For each={props.names}>
          {(name) => (
            <option value={name} selected={name === props.value}>{props.words[name]}</option>
          )}
        </For>
      </select>
    </label>
  );
}

export default function PatternsPage(): JSX.Element {
  useTitle(() => tPatterns().title);
  const { query, text, setQuery } = useAddress();
  const against = () => periods.find((name) => name === text('against')) ?? 'before';
  const sort = () => topicSorts.find((name) => name === text('order')) ?? 'share';
  // Everything but the order is a question of its own.
  const asked = () => JSON.stringify({ ...query, order: undefined });
  const state = () => {
    asked();
    return { ...parseState(new URLSearchParams(location.search)), view: 'spans' as const };
  };
  const range = () => resolveRange(state(), Date.now());
  const [progress, setProgress] = createSignal(0);
  let number = 0;
  const [patterns, { refetch }] = createResource(asked, () => {
    const mine = ++number;
    setProgress(0);
    const request = requestOf(state(), range());
    request.set('against', against());
    return askForPatterns(request, setProgress, () => number !== mine);
  });
  onCleanup(() => { number += 1; });
  const remove = (filters: ReturnType<typeof state>['filters']) => {
    const kept = writeState({ ...state(), filters });
    setQuery({ ...Object.fromEntries(state().filters.map((one) => [one.field, null])),
      ...Object.fromEntries(kept) });
  };
  return (
    <div class="page patterns">
      <h1>{tPatterns().title}</h1>
      <div class="cost-tools">
        <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
        <Choice label={tInsights().against} testid="against" names={periods} value={against()}
          words={tInsights().periods} onChoose={(name) => setQuery({ against: name })} />
        <Choice label={tPatterns().sort} testid="topic-sort" names={topicSorts} value={sort()}
          words={tPatterns().sorts} onChoose={(name) => setQuery({ order: name })} />
      </div>
      <FilterChips state={state()} onClear={() => remove([])}
        onRemove={(gone) => remove(state().filters.filter((one) =>
          one.field !== gone.field || one.value !== gone.value))} />
      <Show when={patterns.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={!patterns.error && !patterns.loading && latestOf(patterns)} fallback={
        <Show when={!patterns.error}><Working progress={progress()} /></Show>}>
        {(found) => (
          <Show when={found().calls > 0} fallback={
            <section data-testid="patterns-empty">
              <h2>{tPatterns().empty}</h2>
              <p>{tPatterns().emptyHint}</p>
              <p><A href="/connect" class="button">{tInsights().connect}</A></p>
            </section>}>
            <Topics found={found()} sort={sort()} from={state().from} to={state().to} />
          </Show>
        )}
      </Show>
    </div>
  );
}
