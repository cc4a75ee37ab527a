// The widgets of a dashboard: each asks on its own, so that a slow one holds up nobody.
import {
  createMemo, createResource, createSignal, For, type JSX, lazy, Match, Show, Suspense, Switch,
} from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import { tEvents } from '../i18n/events';
import {
  isDrawn, placed, textOf, titleOf, typeOf, type Values, type Widget, widgetsIn,
} from '../lib/dashboard';
import { type Spot, spotsOf } from '../lib/dashboard_layout';
import { exportText } from '../lib/export_rows';
import { latestOf } from '../lib/latest';
import { fileName, saveFile } from '../lib/save_file';
import { oneLine } from '../lib/text';
import type { Range } from '../lib/url_state';
import { askedOf, askedWith } from '../lib/widget_asks';
import {
  type Answer, distributionOf, hasValues, heatOf, type Sheet, sheetOf,
} from '../lib/widget_data';
import { Icon } from './Icons';
import { LineChart } from './LineChart';
import { Menu } from './Menu';
import { problemWords } from './Notice';
import { answerTo } from './widget_answers';
import { Distribution, HeatMap } from './WidgetHeat';
import { CheckTable, EventList, EventTimeline } from './WidgetEvents';
import { Picture, Stream } from './WidgetOther';
import { Sunburst, Treemap } from './WidgetShares';
import { type Arrange, Handle } from './WidgetHandles';
import { Change, OneValue, SheetTable, TopList } from './WidgetValues';

const Markdown = lazy(() => import('./Markdown'));

// What every widget of a dashboard is shown with.
export interface Shown {
  range: () => Range;  // another one whenever everything is to be asked again
  values: () => Values;
}

interface Drawing { widget: Widget; name: string; answer: Answer; shown: Shown }

function Lines(props: Drawing): JSX.Element {
  const lines = () => (props.answer.how === 'lines' ? props.answer.lines : []);
  const events = () => (props.answer.how === 'lines' ? props.answer.events ?? [] : []);
  return (
    <LineChart name={props.name} lines={lines()} events={events()} range={props.shown.range()} />);
}

// What happened, or what checks said.
function Happenings(props: Drawing): JSX.Element {
  const as = <How extends Answer['how']>(how: How) =>
    (props.answer.how === how ? props.answer as Extract<Answer, { how: How }> : null);
  return (
    <Switch>
      <Match when={as('events')}>{(one) => (
        <EventList name={props.name} events={one().events} more={one().more} />)}</Match>
      <Match when={as('timeline')}>{(one) => (
        <EventTimeline name={props.name} counts={one().counts} stepMs={one().stepMs}
          range={props.shown.range()} />)}</Match>
      <Match when={as('checks')}>{(one) => (
        <CheckTable name={props.name} checks={one().checks} more={one().more} />)}</Match>
    </Switch>
  );
}
const happenings = new Set(['events', 'timeline', 'checks']);
const nothingWords = (how: string): string =>
  (how === 'checks' ? tEvents().noChecks
    : happenings.has(how) ? tEvents().none : tDashboards().noData);

function ListOfSpans(props: Drawing): JSX.Element {
  const answer = () => (props.answer.how === 'stream' ? props.answer : { rows: [], more: false });
  const fields = () => {
    const asked = askedOf(props.widget.definition);
    return asked.how === 'stream' ? asked.columns : [];
  };
  return <Stream name={props.name} rows={answer().rows} more={answer().more} fields={fields()} />;
}

function Distributed(props: Drawing): JSX.Element {
  const bins = () => distributionOf(props.answer);
  return <Distribution name={props.name} bounds={bins().bounds} counts={bins().counts} />;
}

function Drawn(props: Drawing): JSX.Element {
  const type = () => typeOf(props.widget);
  const definition = () => props.widget.definition;
  const table = () => (props.answer.how === 'scalar' ? props.answer.table : null);
  const hidesTotal = () => definition().hide_total === true;
  return (
    <Switch fallback={<Lines {...props} />}>
      <Match when={happenings.has(props.answer.how)}><Happenings {...props} /></Match>
      <Match when={type() === 'list_stream'}><ListOfSpans {...props} /></Match>
      <Match when={type() === 'heatmap'}><HeatMap name={props.name} heat={heatOf(props.answer)}
        range={props.shown.range()} /></Match>
      <Match when={type() === 'distribution'}><Distributed {...props} /></Match>
      <Match when={type() === 'query_value' && table()}>
        {(all) => <OneValue definition={definition()} table={all()} />}</Match>
      <Match when={type() === 'toplist' && table()}>
        {(all) => <TopList definition={definition()} table={all()} />}</Match>
      <Match when={type() === 'change' && table()}>
        {(all) => <Change name={props.name} definition={definition()} table={all()} />}</Match>
      <Match when={type() === 'sunburst' && table()}>
        {(all) => <Sunburst name={props.name} table={all()} hidesTotal={hidesTotal()} />}</Match>
      <Match when={type() === 'treemap' && table()}>
        {(all) => <Treemap name={props.name} table={all()} />}</Match>
      <Match when={table()}>
        <SheetTable name={props.name}
          sheet={sheetOf(definition(), props.answer, tDashboards().sheet)} /></Match>
    </Switch>
  );
}

// What a widget was answered, and what can be done with it.
function useAnswer(widget: () => Widget, shown: Shown) {
  const asked = createMemo(() => askedOf(widget().definition));
  const [answer] = createResource(
    () => {
      const { how } = asked();
      return how === 'nothing' || how === 'other' ? null
        : { asked: askedWith(asked(), shown.values()), range: shown.range() };
    },
    (question) => answerTo(question.asked, question.range));
  return { asked, answer };
}

function Asking(props: {
  widget: Widget; name: string; shown: Shown; isTable: boolean;
  asking: ReturnType<typeof useAnswer>;
}): JSX.Element {
  const answer = () => props.asking.answer;
  const known = () => latestOf(answer());
  return (
    <Switch>
      <Match when={props.asking.asked().how === 'other'}>
        <p class="quiet">{tDashboards().otherSource}</p></Match>
      <Match when={answer().error as unknown}>
        <p class="bad" role="alert" dir="auto">{problemWords(answer().error)}</p></Match>
      <Match when={props.asking.asked().how === 'nothing'}>
        <p class="quiet">{tDashboards().noData}</p></Match>
      <Match when={!known()}><div class="skeleton skeleton-chart" /></Match>
      <Match when={known()}>{(given) => (
        <Show when={hasValues(given())} fallback={<p class="quiet">{nothingWords(given().how)}</p>}>
          <Show when={!props.isTable} fallback={<SheetTable name={props.name}
            sheet={sheetOf(props.widget.definition, given(), tDashboards().sheet)} />}>
            <Drawn widget={props.widget} name={props.name} answer={given()} shown={props.shown} />
          </Show>
        </Show>)}</Match>
    </Switch>
  );
}

const csvOf = (sheet: Sheet): Blob => new Blob([exportText(sheet.rows, 'csv', true,
  { columns: sheet.columns, values: (row) => row })], { type: 'text/csv;charset=utf-8' });

function WidgetMenu(props: {
  widget: Widget; name: string; answer: Answer; isTable: boolean; onTable: (on: boolean) => void;
}): JSX.Element {
  let here!: HTMLDivElement;
  const savePicture = async () => {
    const widget = here.closest<HTMLElement>('.widget');
    const { pngOf } = await import('../lib/picture');
    if (widget) saveFile(await pngOf(widget), fileName(props.name, 'widget', 'png'));
  };
  const words = () => tDashboards();
  const isTableAnyway = () => typeOf(props.widget) === 'query_table';
  return (
    <Menu label={words().actions(props.name)} icon="more" testId="widget-menu">
      {(close) => (
        <div class="export-menu" ref={here}>
          <Show when={!isTableAnyway()}>
            <button type="button" class="menu-item" onClick={() => {
              close();
              props.onTable(!props.isTable);
            }}>{props.isTable ? words().asDrawing : words().asTable}</button></Show>
          <button type="button" class="menu-item" onClick={() => {
            close();
            saveFile(csvOf(sheetOf(props.widget.definition, props.answer, words().sheet)),
              fileName(props.name, 'widget', 'csv'));
          }}>{words().csv}</button>
          <button type="button" class="menu-item" onClick={() => {
            void savePicture();
            close();
          }}>{words().png}</button>
        </div>)}
    </Menu>
  );
}

const silent = new Set(['note', 'free_text', 'group', 'image']);
const asks = (widget: Widget): boolean => isDrawn(widget) && !silent.has(typeOf(widget));

function AskingView(props: {
  widget: Widget; name: string; shown: Shown; head: JSX.Element; remove: JSX.Element;
}): JSX.Element {
  const [isTable, setTable] = createSignal(false);
  // eslint-disable-next-line solid/reactivity -- what it is shown with is the same as long as it is
  const own = useAnswer(() => props.widget, props.shown);
  return (
    <>
      <header>{props.head}<span class="spacer" />
        <Show when={latestOf(own.answer)}>{(answer) => (
          <WidgetMenu widget={props.widget} name={props.name} answer={answer()}
            isTable={isTable()} onTable={setTable} />)}</Show>{props.remove}</header>
      <Asking widget={props.widget} name={props.name} shown={props.shown} isTable={isTable()}
        asking={own} />
    </>
  );
}

function WidgetView(props: {
  widget: Widget; spot: Spot; at: number; shown: Shown; onRemove: (() => void) | undefined;
  arrange: Arrange | undefined;
}): JSX.Element {
  const widget = () => props.widget;
  const type = () => typeOf(widget());
  const name = () => oneLine(titleOf(widget())) || tDashboards().untitled;
  const head = () => (
    <Show when={titleOf(widget()) || props.onRemove}><h2 dir="auto">{name()}</h2></Show>);
  const remove = () => (
    <Show when={props.onRemove}>{(take) => (<>
      <Show when={props.arrange}>{(arrange) => <>
        <Handle kind="move" at={props.at} name={name()} arrange={arrange()} />
        <Handle kind="resize" at={props.at} name={name()} arrange={arrange()} /></>}</Show>
      <button type="button" class="bare" aria-label={tDashboards().removeWidget(name())}
        title={tDashboards().removeWidget(name())} onClick={() => take()()}>
        <Icon name="close" /></button></>)}</Show>);
  return (
    <div class={`widget widget-${isDrawn(widget()) ? type() : 'other'}`} role="group"
      aria-label={name()} data-testid="widget" data-at={props.arrange ? props.at : undefined}
      style={{
        '--column': props.spot.column, '--row': props.spot.row, order: String(props.spot.order),
      }}>
      <Show when={!asks(widget())} fallback={<AskingView widget={widget()} name={name()}
        shown={props.shown} head={head()} remove={remove()} />}>
        <Show when={titleOf(widget()) || props.onRemove}>
          <header>{head()}{remove()}</header></Show>
        <Switch fallback={
          <p class="quiet" dir="auto">{tDashboards().notDrawn(oneLine(type()))}</p>}>
          <Match when={type() === 'note'}><div class="rich"><Suspense>
            <Markdown text={textOf(widget().definition.content)} /></Suspense></div></Match>
          <Match when={type() === 'free_text'}>
            <p class="free-text" dir="auto">{oneLine(textOf(widget().definition.text))}</p></Match>
          <Match when={type() === 'image'}><Picture definition={widget().definition} /></Match>
          <Match when={type() === 'group'}>
            <WidgetGrid widgets={widgetsIn(widget())} shown={props.shown} /></Match>
        </Switch>
      </Show>
    </div>
  );
}

// `onRemove` and `arrange` are given while the dashboard is edited; `arranged` is what it would be.
export function WidgetGrid(props: {
  widgets: Widget[]; shown: Shown; onRemove?: (at: number) => void; arrange?: Arrange;
  arranged?: Widget[];
}): JSX.Element {
  const columns = createMemo(() => placed(props.arranged ?? props.widgets).columns);
  const spots = createMemo(() => spotsOf(props.widgets, props.arranged ?? props.widgets));
  const spotOf = (at: number) => spots()[at] ?? { column: 'auto', row: 'auto', order: at };
  const remove = (at: number) => {
    const take = props.onRemove;
    return take && (() => take(at));
  };
  return (
    <div class="widget-grid" style={{ '--columns': String(columns()) }}>
      <For each={props.widgets.map((one) => one.definition)}>{(definition, i) => (
        <WidgetView widget={{ definition }} spot={spotOf(i())} at={i()} shown={props.shown}
          onRemove={remove(i())} arrange={props.arrange} />)}</For>
    </div>
  );
}
