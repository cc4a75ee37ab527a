// One call on one line: when, how it ended, what was asked and answered, by which model, how long.
import { A } from '@solidjs/router';
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import type { Row } from '../api/types';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { tKinds, tVerdict } from '../i18n/verdict';
import type { Column } from '../lib/columns';
import { msOfNs } from '../lib/format';
import { shortModel, shortName } from '../lib/names';
import { oneLine } from '../lib/text';
import { failureOf } from '../lib/verdict';
import { ChoiceCell } from './ChoiceCell';
import { costWords, sumText, sumWords } from './Cost';
import { Icon, KindIcon, kindOf } from './Icons';

interface Props {
  row: Row;
  index: number;
  // The input from where it differs from its neighbours'.
  input: string;
  // The length of a full bar; a slower row is drawn as a bar that goes on.
  scaleNs: number;
  withDay: boolean;
  columns: readonly Column[];
  active: boolean;
  open: boolean;
  href: string;
  onPoint: () => void;
  chosen: boolean;
  // `reach`: together with what lies between it and the one chosen last.
  onChoose: (reach: boolean) => void;
}

// Of the whole trace in a list of traces, else of the span.
const costText = (row: Row) =>
  row.trace ? sumText(row.trace.cost) : row.cost.usd === null ? '—' : f().cost(row.cost.usd);
const costTitle = (row: Row) =>
  row.trace ? sumWords(tCost(), row.trace.cost) : costWords(tCost(), row.cost);

function Answer(props: { row: Row }): JSX.Element {
  const error = () => {
    const type = props.row.error_type ?? '';
    const failure = failureOf(type, props.row.error_message ?? '');
    const what = failure.reason === 'other' ? type : [
      failure.httpStatus ?? '', tVerdict().reasons[failure.reason],
    ].join(' ');
    return [what, failure.message].map(oneLine).filter(Boolean).join(' · ');
  };
  return (
    <Show
      when={props.row.status === 'error'}
      fallback={
        <bdi class="answer" dir="auto">
          <Show when={props.row.output} fallback={<i class="quiet">{tList().noOutput}</i>}>
            {(output) => oneLine(output())}
          </Show>
        </bdi>
      }
    >
      <bdi class="answer bad" dir="auto"
        title={oneLine(props.row.error_message ?? '')}>{error() || tList().error}</bdi>
    </Show>
  );
}

function Duration(props: { row: Row; scaleNs: number }): JSX.Element {
  const share = () =>
    Math.min(100, Math.max(1, (props.row.duration_ns / Math.max(1, props.scaleNs)) * 100));
  return (
    <>
      <span class="bar" classList={{
        failed: props.row.status === 'error', beyond: props.row.duration_ns > props.scaleNs,
      }} aria-hidden="true">
        <span style={{ width: `${share()}%` }} />
      </span>
      <span class="num">{f().duration(props.row.duration_ns)}</span>
    </>
  );
}

function Tokens(props: { row: Row }): JSX.Element {
  const tokens = () => props.row.trace?.tokens_total ?? props.row.tokens.total;
  const title = () => props.row.tokens.input === null && props.row.tokens.output === null
    ? (tokens() === null ? tList().tokensUnknown : '')
    : tList().tokensInOut(
        f().number(props.row.tokens.input ?? 0), f().number(props.row.tokens.output ?? 0));
  return <span class="num" title={title()}>{tokens() === null ? '—' : f().compact(tokens() ?? 0)}</span>;
}

function Cost(props: { row: Row }): JSX.Element {
  return (
    <span class="num" title={costTitle(props.row)}>{costText(props.row)}</span>
  );
}

// A failed root needs no further mark; one that looks well does.
function failedInside(row: Row): number {
  return row.status === 'error' ? 0 : (row.trace?.errors ?? 0);
}

function StatusMark(props: { row: Row }): JSX.Element {
  const failed = () => props.row.status === 'error';
  const inside = () => failedInside(props.row);
  return (
    <Icon name={failed() ? 'error' : inside() > 0 ? 'warn' : 'ok'}
      class={failed() ? 'bad' : inside() > 0 ? 'warn' : 'good'}
      label={failed() ? tList().error
        : inside() > 0 ? tList().failedInside(inside()) : tList().ok} />
  );
}

function CallText(props: Props): JSX.Element {
  return (
    <>
      <A href={props.href} class="question" tabIndex={-1} noScroll>
        <bdi dir="auto">
          <Show when={props.input} fallback={<i class="quiet">{tList().noInput}</i>}>
            {props.input}
          </Show>
        </bdi>
      </A>
      <span class="arrow" aria-hidden="true">→</span>
      <Answer row={props.row} />
      <Show when={failedInside(props.row) > 0}>
        <span class="badge warn">{tList().failedInside(failedInside(props.row))}</span>
      </Show>
    </>
  );
}

// Columns that are one text of the row.
function textOfColumn(row: Row, column: Column): string {
  switch (column) {
    case 'deployment': return row.deployment ?? '';
    case 'service': return row.service;
    case 'ml_app': return row.ml_app;
    case 'env': return row.env;
    case 'session': return row.session_id ?? '';
    case 'user': return row.user_id ?? '';
    case 'provider': return row.provider ?? '';
    case 'error_type': return row.error_type ?? '';
    case 'spans': return row.trace ? f().number(row.trace.spans) : '';
    case 'llm_calls': return row.trace ? f().number(row.trace.llm_calls) : '';
    case 'time': case 'status': case 'name': case 'call': case 'model': case 'duration':
    case 'tokens': case 'cost': return '';
  }
}

function Cell(props: { column: Column; all: Props }): JSX.Element {
  const row = () => props.all.row;
  const startMs = () => msOfNs(row().start_ns);
  return (
    <span role="gridcell" class={`cell-${props.column}`} classList={{ num: props.column === 'time' }}
      title={props.column === 'time' ? f().dateTime(startMs()) : undefined}>
      <Switch fallback={<bdi class="cell-text" title={oneLine(textOfColumn(row(), props.column))}>
        {oneLine(textOfColumn(row(), props.column)) || '—'}</bdi>}>
        <Match when={props.column === 'time'}>
          <Show when={props.all.withDay}><span class="quiet">{f().day(startMs())} </span></Show>
          {f().time(startMs())}</Match>
        <Match when={props.column === 'status'}><StatusMark row={row()} /></Match>
        <Match when={props.column === 'name'}>
          <KindIcon kind={row().kind} label={tKinds()[kindOf(row().kind) as 'llm']} />
          <bdi title={row().name}>{shortName(oneLine(row().name))}</bdi></Match>
        <Match when={props.column === 'call'}><CallText {...props.all} /></Match>
        <Match when={props.column === 'model'}>
          <bdi title={[row().model, row().deployment].filter(Boolean).join(' · ')}>
            {shortModel(row().model ?? row().deployment ?? '')}</bdi></Match>
        <Match when={props.column === 'duration'}>
          <Duration row={row()} scaleNs={props.all.scaleNs} /></Match>
        <Match when={props.column === 'tokens'}><Tokens row={row()} /></Match>
        <Match when={props.column === 'cost'}><Cost row={row()} /></Match>
      </Switch>
    </span>
  );
}

export function TraceRow(props: Props): JSX.Element {
  const hasLink = () => props.columns.includes('call');
  return (
    <div
      role="row"
      id={`row-${props.row.span_id}`}
      data-testid="trace-row"
      data-trace-id={props.row.trace_id}
      aria-rowindex={props.index + 2}
      aria-selected={props.open}
      class="row"
      classList={{
        active: props.active, open: props.open, failed: props.row.status === 'error',
      }}
      onPointerDown={() => props.onPoint()}
    >
      <ChoiceCell chosen={props.chosen} onChoose={props.onChoose} />
      <For each={props.columns}>{(column) => <Cell column={column} all={props} />}</For>
      <Show when={!hasLink()}>
        <span role="gridcell" class="off-screen"><A href={props.href} class="question" tabIndex={-1}
          noScroll>{props.input || tList().noInput}</A></span></Show>
    </div>
  );
}
