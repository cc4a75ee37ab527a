// What was spent, by what; what is not priced and why; and the place to mend it.
import { A } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { costApi, type Costs } from '../api/cost';
import type { CostSum } from '../api/cost_types';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { tCommon } from '../i18n/shell';
import { usePeriod } from '../lib/address';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { requestOf } from '../lib/url_state';
import { fixAddress, reasonWords, sumText, sumWords } from '../parts/Cost';
import { Mappings, MappingForm } from '../parts/CostMapping';
import { OwnPrices } from '../parts/OwnPrices';
import { ProblemNotice } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';

const groupings = ['model', 'deployment', 'ml_app', 'service', 'session', 'user', 'env'] as const;
const columns = [
  'input', 'cached_input', 'cache_write', 'audio_input', 'output', 'audio_output', 'reasoning',
] as const;

function Line(props: { name: string; sum: CostSum; shown: readonly string[] }): JSX.Element {
  return (
    <tr>
      <th scope="row"><bdi>{oneLine(props.name) || tCost().noValue}</bdi></th>
      <td class="num" title={sumWords(tCost(), props.sum)}>{sumText(props.sum)}</td>
      <td class="num">{f().number(props.sum.calls)}</td>
      <td class="num" classList={{ warn: !props.sum.complete }}>
        {f().number(props.sum.unknown_calls)}</td>
      <For each={props.shown}>
        {(column) => <td class="num">{f().compact(props.sum.tokens[column] ?? 0)}</td>}
      </For>
    </tr>
  );
}

function Table(props: { costs: Costs; by: (typeof groupings)[number] }): JSX.Element {
  const shown = () => columns.filter((column) => (props.costs.total.tokens[column] ?? 0) > 0);
  return (
    <Show when={props.costs.total.calls > 0} fallback={
      <p data-testid="costs-empty">{tCost().nothing} <A href="/connect">{tCommon().connect}</A>.</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={tCost().title}>
        <table class="pairs cost-table" data-testid="costs">
          <thead><tr>
            <th scope="col">{tCost().groups[props.by]}</th>
            <th scope="col">{tCost().cost}</th>
            <th scope="col">{tCost().calls}</th>
            <th scope="col">{tCost().unknownCalls}</th>
            <For each={shown()}>{(column) => <th scope="col">{tCost().columns[column]}</th>}</For>
          </tr></thead>
          <tbody>
            <For each={props.costs.groups}>
              {(group) => <Line name={group.name} sum={group.cost} shown={shown()} />}
            </For>
          </tbody>
          <tfoot><Line name={tCost().total} sum={props.costs.total} shown={shown()} /></tfoot>
        </table>
      </div>
    </Show>
  );
}

function Unknown(props: { sum: CostSum }): JSX.Element {
  return (
    <Show when={props.sum.unknown.length > 0}>
      <section data-testid="unpriced">
        <h2>{tCost().unknownTitle}</h2>
        <table class="pairs cost-table"><tbody>
          <For each={props.sum.unknown}>
            {(unknown) => (
              <tr>
                <th scope="row" dir="auto">{reasonWords(tCost(), unknown)}</th>
                <td class="num">{f().number(unknown.calls)}</td>
                <td><Show when={fixAddress(unknown)}>
                  {(to) => <A href={to()}>{tCost().fix}</A>}</Show></td>
              </tr>
            )}
          </For>
        </tbody></table>
      </section>
    </Show>
  );
}

export default function CostsPage(): JSX.Element {
  useTitle(() => tCost().title);
  const { text, setQuery, state, range } = usePeriod();
  const by = () => groupings.find((name) => name === text('by')) ?? 'model';
  const [costs, { refetch }] = createResource(
    () => ({ by: by(), from: text('from'), to: text('to') }),
    () => {
      const request = requestOf({ ...state(), view: 'spans' }, range());
      request.set('by', by());
      return costApi.costs(request);
    });
  const [prices, { refetch: pricesAgain }] =
    createResource(() => costApi.prices().catch(() => undefined));
  const [mappings, { refetch: again }] =
    createResource(() => costApi.mappings().catch(() => ({ mappings: [] })));
  const changed = () => { void refetch(); void again(); void pricesAgain(); };
  return (
    <div class="page costs">
      <h1>{tCost().title}</h1>
      <p class="quiet">{tCost().intro}</p>
      <div class="cost-tools">
        <label>{tCost().by}{' '}
          <select data-testid="costs-by" value={by()}
            onChange={(event) => setQuery({ by: event.currentTarget.value })}>
            <For each={groupings}>
              {(name) => (
                <option value={name} selected={name === by()}>{tCost().groups[name]}</option>
              )}
            </For>
          </select>
        </label>
        <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
      </div>
      <Show when={costs.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={!costs.error && latestOf(costs)} fallback={
        <Show when={!costs.error}><div class="skeleton skeleton-page" /></Show>}>
        {(found) => (
          <>
            <p class="lead" role="status">
              <strong>{sumText(found().total)}</strong>{' '}
              <span class="plain">{found().total.complete || found().total.usd === null
                ? sumWords(tCost(), found().total)
                : tCost().incomplete(found().total.unknown_calls)}</span></p>
            <Table costs={found()} by={by()} />
            <Unknown sum={found().total} />
          </>
        )}
      </Show>
      <Show when={text('map') || '-'} keyed>
        {(name) => (
          <MappingForm name={name === '-' ? '' : name} prices={latestOf(prices)} onSaved={changed} />
        )}
      </Show>
      <Mappings mappings={latestOf(mappings)?.mappings ?? []} onChanged={changed} />
      <OwnPrices prices={latestOf(prices)} onChanged={changed} />
      <Show when={latestOf(prices)?.catalogue}>
        {(list) => (
          <p class="quiet">{tCost().catalogue(list().version, list().source, list().read)}{' '}
            <Show when={list().problem}>
              {(problem) => <span class="bad">{tCost().catalogueProblem(problem())}</span>}
            </Show></p>
        )}
      </Show>
    </div>
  );
}
