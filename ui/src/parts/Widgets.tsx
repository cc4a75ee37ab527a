// The widgets of a dashboard: each asks on its own, so that a slow one holds up nobody.
import {
  createMemo, createResource, For, type JSX, lazy, Match, Show, Suspense, Switch,
} from 'solid-js';
import { dashboardsApi, type MetricLine } from '../api/dashboards';
import { tDashboards } from '../i18n/dashboards';
import { f } from '../i18n/language';
import {
  filled, isDrawn, type Placed, placed, type Question, questionsOf, reduced,
  reductionOf, textOf, titleOf, toneOf, typeOf, type Widget, widgetsIn,
} from '../lib/dashboard';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import type { Range } from '../lib/url_state';
import { Icon } from './Icons';
import { LineChart } from './LineChart';
import { problemWords } from './Notice';

const Markdown = lazy(() => import('./Markdown'));
const topMax = 10;

// What every widget of a dashboard is shown with.
export interface Shown {
  range: () => Range;  // another one whenever everything is to be asked again
  values: () => ReadonlyMap<string, { prefix: string; value: string }>;
}

interface Answered { question: Question; lines: MetricLine[] }

const nameOf = (question: Question, line: MetricLine): string =>
  [question.name, line.scope === '*' ? '' : line.scope].filter((one) => one !== '').join(' ') ||
  oneLine(line.expression);

function useLines(widget: () => Widget, shown: Shown) {
  const questions = createMemo(() => questionsOf(widget().definition));
  const [answers] = createResource(
    () => {
      const all = questions();
      return all && all.length > 0 ? { all, range: shown.range(), values: shown.values() } : null;
    },
    ({ all, range, values }) => Promise.all(all.map(async (question): Promise<Answered> => ({
      question,
      lines: await dashboardsApi.lines(filled(question.text, values), range.fromMs, range.toMs),
    }))));
  return { questions, answers };
}

function Lines(props: { widget: Widget; answers: Answered[]; shown: Shown }): JSX.Element {
  const lines = () => props.answers.flatMap(({ question, lines: all }) => all.map((line) => ({
    name: nameOf(question, line), display: question.display, points: line.pointlist,
    stepMs: line.interval * 1000,
  })));
  return <LineChart name={oneLine(titleOf(props.widget))} lines={lines()}
    range={props.shown.range()} />;
}

const valueOf = (widget: Widget, line: MetricLine): number | null =>
  reduced(line.pointlist.map(([, value]) => value), reductionOf(widget.definition));

function OneValue(props: { widget: Widget; answers: Answered[] }): JSX.Element {
  const value = () => {
    const line = props.answers[0]?.lines[0];
    return line ? valueOf(props.widget, line) : null;
  };
  const text = (known: number) => {
    const { precision, autoscale } = props.widget.definition;
    const digits = typeof precision === 'number' ? Math.min(10, Math.max(0, precision)) : 2;
    return autoscale !== false && Math.abs(known) >= 10_000
      ? f().compact(known) : f().number(Number(known.toFixed(digits)));
  };
  return (
    <p class={`one-value num ${toneOf(props.widget.definition, value())}`}>
      <Show when={value() !== null} fallback="–">{text(value() ?? 0)}
        <Show when={textOf(props.widget.definition.custom_unit)}>
          {(unit) => <span class="quiet"> {oneLine(unit())}</span>}</Show></Show></p>
  );
}

function TopList(props: { widget: Widget; answers: Answered[] }): JSX.Element {
  const rows = () => props.answers.flatMap(({ question, lines }) => lines.map((line) => ({
    name: nameOf(question, line), value: valueOf(props.widget, line) ?? 0,
  }))).sort((a, b) => b.value - a.value).slice(0, topMax);
  const most = () => Math.max(...rows().map((row) => Math.abs(row.value)), Number.MIN_VALUE);
  return (
    <table class="top-list"><tbody>
      <For each={rows()}>{(row) => (
        <tr>
          <th scope="row"><bdi>{row.name}</bdi>
            <div class="top-bar"
              style={{ width: `${(Math.abs(row.value) / most()) * 100}%` }} /></th>
          <td class="num">{f().number(Number(row.value.toPrecision(4)))}</td>
        </tr>)}</For>
    </tbody></table>
  );
}

function Table(props: { widget: Widget; answers: Answered[] }): JSX.Element {
  const scopes = () => [...new Set(props.answers.flatMap(({ lines }) =>
    lines.map((line) => line.scope)))];
  const cell = (answer: Answered, scope: string) => {
    const line = answer.lines.find((one) => one.scope === scope);
    const value = line ? valueOf(props.widget, line) : null;
    return value === null ? '–' : f().number(Number(value.toPrecision(4)));
  };
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={oneLine(titleOf(props.widget))}>
      <table class="pairs">
        <thead><tr><th scope="col">{tDashboards().tags}</th>
          <For each={props.answers}>{({ question }) => (
            <th scope="col"><bdi>{question.name || oneLine(question.text)}</bdi></th>
          )}</For></tr></thead>
        <tbody><For each={scopes()}>{(scope) => (
          <tr><th scope="row"><bdi>{scope === '*' ? tDashboards().all : scope}</bdi></th>
            <For each={props.answers}>{(answer) => (
              <td class="num">{cell(answer, scope)}</td>)}</For></tr>)}</For></tbody>
      </table>
    </div>
  );
}

function Metrics(props: { widget: Widget; shown: Shown }): JSX.Element {
  // eslint-disable-next-line solid/reactivity -- what it is shown with is the same as long as it is
  const { questions, answers } = useLines(() => props.widget, props.shown);
  const has = (all: Answered[]) => all.some(({ lines }) => lines.length > 0);
  return (
    <Show when={questions()} fallback={<p class="quiet">{tDashboards().otherSource}</p>}>
      <Show when={!answers.error} fallback={
        <p class="bad" role="alert" dir="auto">{problemWords(answers.error)}</p>}>
        <Show when={latestOf(answers)} fallback={<div class="skeleton skeleton-chart" />}>
          {(all) => (
            <Show when={has(all())} fallback={<p class="quiet">{tDashboards().noData}</p>}>
              <Switch fallback={
                <Lines widget={props.widget} answers={all()} shown={props.shown} />}>
                <Match when={typeOf(props.widget) === 'query_value'}>
                  <OneValue widget={props.widget} answers={all()} /></Match>
                <Match when={typeOf(props.widget) === 'toplist'}>
                  <TopList widget={props.widget} answers={all()} /></Match>
                <Match when={typeOf(props.widget) === 'query_table'}>
                  <Table widget={props.widget} answers={all()} /></Match>
              </Switch>
            </Show>)}
        </Show>
      </Show>
    </Show>
  );
}

function WidgetView(props: {
  place: Placed; shown: Shown; onRemove: (() => void) | undefined;
}): JSX.Element {
  const widget = () => props.place.widget;
  const type = () => typeOf(widget());
  const name = () => oneLine(titleOf(widget())) || tDashboards().untitled;
  return (
    <div class={`widget widget-${isDrawn(widget()) ? type() : 'other'}`} role="group"
      aria-label={name()} data-testid="widget" style={{ '--column': props.place.column, '--row': props.place.row }}>
      <Show when={titleOf(widget()) || props.onRemove}>
        <header><h2 dir="auto">{name()}</h2>
          <Show when={props.onRemove}>{(remove) => (
            <button type="button" class="bare" aria-label={tDashboards().removeWidget(name())}
              title={tDashboards().removeWidget(name())} onClick={() => remove()()}>
              <Icon name="close" /></button>)}</Show></header>
      </Show>
      <Switch fallback={<Metrics widget={widget()} shown={props.shown} />}>
        <Match when={!isDrawn(widget())}>
          <p class="quiet" dir="auto">{tDashboards().notDrawn(oneLine(type()))}</p></Match>
        <Match when={type() === 'note'}><div class="rich">
          <Suspense><Markdown text={textOf(widget().definition.content)} /></Suspense></div></Match>
        <Match when={type() === 'free_text'}>
          <p class="free-text" dir="auto">{oneLine(textOf(widget().definition.text))}</p></Match>
        <Match when={type() === 'group'}>
          <WidgetGrid widgets={widgetsIn(widget())} shown={props.shown} /></Match>
      </Switch>
    </div>
  );
}

// `onRemove` is given while the dashboard is edited.
export function WidgetGrid(props: {
  widgets: Widget[]; shown: Shown; onRemove?: (at: number) => void;
}): JSX.Element {
  const grid = createMemo(() => placed(props.widgets));
  const remove = (at: number) => {
    const take = props.onRemove;
    return take && (() => take(at));
  };
  return (
    <div class="widget-grid" style={{ '--columns': String(grid().columns) }}>
      <For each={grid().places}>{(place, i) => (
        <WidgetView place={place} shown={props.shown} onRemove={remove(i())} />)}</For>
    </div>
  );
}

