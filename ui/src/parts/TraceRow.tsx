// One call on one line: when, how it ended, what was asked and answered, by which model, how long.
import { A } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';
import type { Row } from '../api/types';
import { f, t } from '../i18n';
import { msOfNs } from '../lib/format';
import { shortModel, shortName } from '../lib/names';
import { oneLine } from '../lib/text';
import { failureOf } from '../lib/verdict';
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
  active: boolean;
  open: boolean;
  href: string;
  onPoint: () => void;
}

// Of the whole trace in a list of traces, else of the span.
const costText = (row: Row) =>
  row.trace ? sumText(row.trace.cost) : row.cost.usd === null ? '—' : f().cost(row.cost.usd);
const costTitle = (row: Row) =>
  row.trace ? sumWords(t().cost, row.trace.cost) : costWords(t().cost, row.cost);

function Answer(props: { row: Row }): JSX.Element {
  const error = () => {
    const type = props.row.error_type ?? '';
    const failure = failureOf(type, props.row.error_message ?? '');
    const what = failure.reason === 'other' ? type : [
      failure.httpStatus ?? '', t().verdict.reasons[failure.reason],
    ].join(' ');
    return [what, failure.message].map(oneLine).filter(Boolean).join(' · ');
  };
  return (
    <Show
      when={props.row.status === 'error'}
      fallback={
        <bdi class="answer" dir="auto">
          <Show when={props.row.output} fallback={<i class="quiet">{t().list.noOutput}</i>}>
            {(output) => oneLine(output())}
          </Show>
        </bdi>
      }
    >
      <bdi class="answer bad" dir="auto"
        title={oneLine(props.row.error_message ?? '')}>{error() || t().list.error}</bdi>
    </Show>
  );
}

function Figures(props: { row: Row; scaleNs: number }): JSX.Element {
  const share = () =>
    Math.min(100, Math.max(1, (props.row.duration_ns / Math.max(1, props.scaleNs)) * 100));
  const tokens = () => props.row.trace?.tokens_total ?? props.row.tokens.total;
  const tokensTitle = () => props.row.tokens.input === null && props.row.tokens.output === null
    ? (tokens() === null ? t().list.tokensUnknown : '')
    : t().list.tokensInOut(
        f().number(props.row.tokens.input ?? 0), f().number(props.row.tokens.output ?? 0));
  return (
    <>
      <span role="gridcell" class="cell-duration">
        <span class="bar" classList={{
          failed: props.row.status === 'error', beyond: props.row.duration_ns > props.scaleNs,
        }} aria-hidden="true">
          <span style={{ width: `${share()}%` }} />
        </span>
        <span class="num">{f().duration(props.row.duration_ns)}</span>
      </span>
      <span role="gridcell" class="cell-tokens num" title={tokensTitle()}>
        {tokens() === null ? '—' : f().compact(tokens() ?? 0)}
      </span>
      <span role="gridcell" class="cell-cost num"
        title={costTitle(props.row)}>
        {costText(props.row)}
      </span>
    </>
  );
}

export function TraceRow(props: Props): JSX.Element {
  const startMs = () => msOfNs(props.row.start_ns);
  const failed = () => props.row.status === 'error';
  // A failed root needs no further mark; one that looks well does.
  const inside = () => (failed() ? 0 : (props.row.trace?.errors ?? 0));
  return (
    <div
      role="row"
      id={`row-${props.row.span_id}`}
      data-testid="trace-row"
      data-trace-id={props.row.trace_id}
      aria-rowindex={props.index + 2}
      aria-selected={props.open}
      class="row"
      classList={{ active: props.active, open: props.open, failed: failed() }}
      onPointerDown={() => props.onPoint()}
    >
      <span role="gridcell" class="cell-time num" title={f().dateTime(startMs())}>
        <Show when={props.withDay}><span class="quiet">{f().day(startMs())} </span></Show>
        {f().time(startMs())}
      </span>
      <span role="gridcell" class="cell-status">
        <Icon name={failed() ? 'error' : inside() > 0 ? 'warn' : 'ok'}
          class={failed() ? 'bad' : inside() > 0 ? 'warn' : 'good'}
          label={failed() ? t().list.error
            : inside() > 0 ? t().list.failedInside(inside()) : t().list.ok} />
      </span>
      <span role="gridcell" class="cell-name">
        <KindIcon kind={props.row.kind} label={t().kinds[kindOf(props.row.kind) as 'llm']} />
        <bdi title={props.row.name}>{shortName(oneLine(props.row.name))}</bdi>
      </span>
      <span role="gridcell" class="cell-call">
        <A href={props.href} class="question" tabIndex={-1} noScroll>
          <bdi dir="auto">
            <Show when={props.input} fallback={<i class="quiet">{t().list.noInput}</i>}>
              {props.input}
            </Show>
          </bdi>
        </A>
        <span class="arrow" aria-hidden="true">→</span>
        <Answer row={props.row} />
        <Show when={inside() > 0}>
          <span class="badge warn">{t().list.failedInside(inside())}</span>
        </Show>
      </span>
      <span role="gridcell" class="cell-model">
        <bdi title={[props.row.model, props.row.deployment].filter(Boolean).join(' · ')}>
          {shortModel(props.row.model ?? props.row.deployment ?? '')}
        </bdi>
      </span>
      <Figures row={props.row} scaleNs={props.scaleNs} />
    </div>
  );
}
