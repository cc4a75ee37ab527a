// What was spent, by what; what is not priced and why; and the place to mend it.
import { A } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { costApi, type Costs, type CostSum } from '../api/cost';
import { f, t } from '../i18n';
import { usePeriod } from '../lib/address';
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
      <th scope="row"><bdi>{oneLine(props.name) || t().cost.noValue}</bdi></th>
      <td class="num" title={sumWords(t().cost, props.sum)}>{sumText(props.sum)}</td>
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
    <Show when={props.costs.total.calls > 0} fallback={<p>{t().cost.nothing}</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={t().cost.title}>
        <table class="pairs cost-table" data-testid="costs">
          <thead><tr>
            <th scope="col">{t().cost.groups[props.by]}</th>
            <th scope="col">{t().cost.cost}</th>
            <th scope="col">{t().cost.calls}</th>
            <th scope="col">{t().cost.unknownCalls}</th>
            <For each={shown()}>{(column) => <th scope="col">{t().cost.columns[column]}</th>}</For>
          </tr></thead>
          <tbody>
            <For each={props.costs.groups}>
              {(group) => <Line name={group.name} sum={group.cost} shown={shown()} />}
            </For>
          </tbody>
          <tfoot><Line name={t().cost.total} sum={props.costs.total} shown={shown()} /></tfoot>
        </table>
      </div>
    </Show>
  );
}

function Unknown(props: { sum: CostSum }): JSX.Element {
  return (
    <Show when={props.sum.unknown.length > 0}>
      <section data-testid="unpriced">
        <h2>{t().cost.unknownTitle}</h2>
        <table class="pairs cost-table"><tbody>
          <For each={props.sum.unknown}>
            {(unknown) => (
              <tr>
                <th scope="row" dir="auto">{reasonWords(t().cost, unknown)}</th>
                <td class="num">{f().number(unknown.calls)}</td>
                <td><Show when={fixAddress(unknown)}>
                  {(to) => <A href={to()}>{t().cost.fix}</A>}</Show></td>
              </tr>
            )}
          </For>
        </tbody></table>
      </section>
    </Show>
  );
}

export function CostsPage(): JSX.Element {
  useTitle(() => t().cost.title);
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
      <h1>{t().cost.title}</h1>
      <p class="quiet">{t().cost.intro}</p>
      <div class="cost-tools">
        <label>{t().cost.by}{' '}
          <select data-testid="costs-by" value={by()}
            onChange={(event) => setQuery({ by: event.currentTarget.value })}>
            <For each={groupings}>
              {(name) => (
                <option value={name} selected={name === by()}>{t().cost.groups[name]}</option>
              )}
            </For>
          </select>
        </label>
        <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
      </div>
      <Show when={costs.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={!costs.error && costs.latest} fallback={
        <Show when={!costs.error}><div class="skeleton skeleton-page" /></Show>}>
        {(found) => (
          <>
            <p class="lead" role="status">
              <strong>{sumText(found().total)}</strong>{' '}
              <span class="plain">{found().total.complete || found().total.usd === null
                ? sumWords(t().cost, found().total)
                : t().cost.incomplete(found().total.unknown_calls)}</span></p>
            <Table costs={found()} by={by()} />
            <Unknown sum={found().total} />
          </>
        )}
      </Show>
      <Show when={text('map') || '-'} keyed>
        {(name) => (
          <MappingForm name={name === '-' ? '' : name} prices={prices.latest} onSaved={changed} />
        )}
      </Show>
      <Mappings mappings={mappings.latest?.mappings ?? []} onChanged={changed} />
      <OwnPrices prices={prices.latest} onChanged={changed} />
      <Show when={prices.latest?.catalogue}>
        {(list) => (
          <p class="quiet">{t().cost.catalogue(list().version, list().source, list().read)}{' '}
            <Show when={list().problem}>
              {(problem) => <span class="bad">{t().cost.catalogueProblem(problem())}</span>}
            </Show></p>
        )}
      </Show>
    </div>
  );
}
