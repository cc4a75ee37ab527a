// The parts of the home page below its sentence.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import {
  type Dimension, dimensions, type ErrorGroup, type Figures as Period, type Insights, type Outlier,
} from '../api/insights';
import { tInsights } from '../i18n/insights';
import { f } from '../i18n/language';
import { spansAddress, whereWords } from '../lib/change_words';
import { oneLine } from '../lib/text';

interface Times { from: string; to: string }

const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
const perCall = (sum: number | null, calls: number) =>
  (sum === null || calls === 0 ? null : sum / calls);

// Name of the figure → its value in a period, and how it is written.
const columns = [
  ['calls', (p: Period) => p.calls, (v: number) => f().number(v)],
  ['p50', (p: Period) => p.p50_ns, (v: number) => f().duration(v)],
  ['p95', (p: Period) => p.p95_ns, (v: number) => f().duration(v)],
  ['errors', (p: Period) => share(p.failed, p.calls), (v: number) => f().percent(v)],
  ['tokensPerCall', (p: Period) => perCall(p.tokens, p.counted_calls),
    (v: number) => f().number(Math.round(v))],
  ['costPerCall', (p: Period) => perCall(p.cost_usd, p.priced_calls), (v: number) => f().cost(v)],
  ['cost', (p: Period) => p.cost_usd, (v: number) => f().cost(v)],
  ['judged', (p: Period) => share(p.judged_failing, p.judged), (v: number) => f().percent(v)],
] as const;

const written = (value: number | null, write: (value: number) => string) =>
  (value === null ? '–' : write(value));

export function Figures(props: { before: Period; now: Period }): JSX.Element {
  return (
    <dl class="home-figures">
      <For each={columns}>
        {([name, of, write]) => (
          <div>
            <dt>{tInsights().figures[name]}</dt>
            <dd class="num"><strong>{written(of(props.now), write)}</strong>{' '}
              <span class="quiet">{tInsights().before}: {written(of(props.before), write)}</span></dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function ErrorRow(props: { group: ErrorGroup } & Times): JSX.Element {
  const spans = () => spansAddress({
    status: 'error', name: props.group.name,
    ...(props.group.type ? { error_type: props.group.type } : {}),
  }, props.from, props.to);
  const moment = (ns: string) => f().dateTime(Number(BigInt(ns) / 1_000_000n));
  return (
    <tr data-testid="error-group">
      <th scope="row">
        <A href={spans()}><bdi>{props.group.type || tInsights().error}</bdi></A>{' '}
        <Show when={props.group.is_new}><span class="badge bad">{tInsights().isNew}</span></Show>
        <div class="plain" dir="auto" title={props.group.example}>{oneLine(props.group.message)}</div>
        <div class="quiet">{whereWords(tInsights(), props.group.where)}
          <Show when={props.group.place}>{' · '}{tInsights().place(props.group.place)}</Show></div>
      </th>
      <td class="num">{f().number(props.group.now)}</td>
      <td class="num">{f().number(props.group.before)}</td>
      <td class="num">{moment(props.group.first_ns)}</td>
      <td class="num"><A href={`/traces/${props.group.trace_id}?from=${props.from}`}>
        {moment(props.group.last_ns)}</A></td>
    </tr>
  );
}

export function Errors(
  props: { errors: ErrorGroup[]; complete: boolean } & Times,
): JSX.Element {
  return (
    <section>
      <h2>{tInsights().errors}</h2>
      <Show when={props.errors.length > 0} fallback={<p>{tInsights().noErrors}</p>}>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={tInsights().errors}>
          <table class="pairs cost-table home-table">
            <thead><tr>
              <th scope="col">{tInsights().error}</th>
              <th scope="col">{tInsights().now}</th>
              <th scope="col">{tInsights().before}</th>
              <th scope="col">{tInsights().first}</th>
              <th scope="col">{tInsights().last}</th>
            </tr></thead>
            <tbody>
              <For each={props.errors}>
                {(group) => <ErrorRow group={group} from={props.from} to={props.to} />}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <Show when={!props.complete}><p class="quiet">{tInsights().incomplete}</p></Show>
    </section>
  );
}

export function Outliers(props: { outliers: Outlier[] } & Times): JSX.Element {
  const alike = (one: Outlier) => spansAddress({
    ...(one.where.ml_app ? { ml_app: one.where.ml_app } : {}),
    ...(one.where.model ? { model: one.where.model } : {}),
    min_duration_ms: String(Math.floor(one.fence_ns / 1e6)),
  }, props.from, props.to);
  return (
    <section>
      <h2>{tInsights().outliers}</h2>
      <Show when={props.outliers.length > 0} fallback={<p>{tInsights().noOutliers}</p>}>
        <ul class="change-list">
          <For each={props.outliers.slice(0, 8)}>
            {(one) => (
              <li data-testid="outlier" class="change">
                <A href={`/traces/${one.trace_id}?from=${props.from}`}>
                  <bdi>{one.name}</bdi>: {tInsights().outlier(
                    f().duration(one.duration_ns), f().duration(one.usual_ns))}</A>
                <span class="quiet">{whereWords(tInsights(), one.where)}
                  <Show when={one.alike > 1}>{' · '}
                    <A href={alike(one)}>{tInsights().alike(f().number(one.alike - 1))}</A></Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

function Side(props: { dimension: Dimension; insights: Insights } & Times): JSX.Element {
  const groups = () => props.insights.by[props.dimension] ?? [];
  const empty = () =>
    (props.dimension === 'prompt' ? tInsights().nothingPrompt : tInsights().nothing);
  return (
    <section>
      <h2>{tInsights().dimensions[props.dimension]}</h2>
      <Show when={groups().length > 0} fallback={<p class="quiet">{empty()}</p>}>
        <div class="cost-scroll" tabIndex={0} role="region"
          aria-label={tInsights().dimensions[props.dimension]}>
          <table class="pairs cost-table home-table" data-testid={`side-${props.dimension}`}>
            <thead><tr>
              <th scope="col">{tInsights().dimensions[props.dimension]}</th>
              <For each={columns}>
                {([name]) => <th scope="col">{tInsights().figures[name]}</th>}
              </For>
            </tr></thead>
            <tbody>
              <For each={groups()}>
                {(group) => (
                  <tr>
                    <th scope="row"><A href={spansAddress(
                      { [props.dimension]: group.name }, props.from, props.to)}>
                      <bdi>{oneLine(group.name)}</bdi></A></th>
                    <For each={columns}>
                      {([, of, write]) => (
                        <td class="num">{written(of(group.now), write)}
                          <div class="quiet">{written(of(group.before), write)}</div></td>
                      )}
                    </For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
    </section>
  );
}

export function SideBySide(props: { insights: Insights } & Times): JSX.Element {
  return (
    <For each={dimensions}>
      {(dimension) => (
        <Side dimension={dimension} insights={props.insights} from={props.from} to={props.to} />
      )}
    </For>
  );
}
