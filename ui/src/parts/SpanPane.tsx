// The chosen span: the failure first, then what was said, then everything else that is known.
import { A, useLocation } from '@solidjs/router';
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Document, Evaluation, Span, SpanIo, Trace } from '../api/types';
import { tToQueue } from '../i18n/choosing';
import { tDatasets } from '../i18n/datasets';
import { f } from '../i18n/language';
import { tFilters, tList } from '../i18n/list';
import { tCommon } from '../i18n/shell';
import { tPlayground } from '../i18n/playground';
import { tCompare, tSpan } from '../i18n/span';
import { tTrace } from '../i18n/trace';
import { tKinds } from '../i18n/verdict';
import { messagesOf, restOf } from '../lib/conversation';
import { msOfNs } from '../lib/format';
import { spanTitle } from '../lib/names';
import { pick, picked } from '../lib/picked';
import { oneLine, textOf } from '../lib/text';
import { type Node, selfNs } from '../lib/tree';
import { kindWord } from '../lib/verdict_words';
import { filterHref } from '../pages/list_state';
import type { FilterField } from '../lib/url_state';
import { AddToQueue } from './AddToQueue';
import { AzureFacts } from './AzureFacts';
import { Conversation } from './Conversation';
import { Copy } from './Copy';
import { SpanCostSection } from './Cost';
import { AddToDataset } from './DatasetParts';
import { Evaluations } from './Evaluations';
import { Feedback, type FeedbackTarget } from './Feedback';
import { Icon, KindIcon } from './Icons';
import { createOpinions } from './Opinions';
import { PlainText } from './PlainText';
import { RichText } from './RichText';
import { Usage } from './Usage';

function Section(props: {
  title: string; folded?: boolean; count?: number; children: JSX.Element;
}): JSX.Element {
  return (
    <details class="section" open={!props.folded}>
      <summary><h3>{props.title}</h3>
        <Show when={props.count !== undefined}>
          <span class="quiet num">{props.count}</span></Show>
      </summary>
      {props.children}
    </details>
  );
}

// A fact that filters the list when clicked, and copies.
function Fact(props: { name: string; value: string; field?: FilterField }): JSX.Element {
  const location = useLocation();
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td>
        <Show when={props.field} fallback={<bdi class="mono">{oneLine(props.value)}</bdi>}>
          {(field) => (
            <a href={filterHref(location.search, {
              field: field(), value: props.value, exclude: false,
            })} title={tCommon().filterTo(oneLine(props.value))}>
              <bdi class="mono">{oneLine(props.value)}</bdi></a>
          )}
        </Show>
        <Copy text={() => props.value} what={props.name} />
      </td>
    </tr>
  );
}

function Facts(props: { node: Node }): JSX.Element {
  const span = () => props.node.span;
  const facts = createMemo(() => {
    const s = span();
    const n = tSpan().factNames;
    const all: [string, string | null, FilterField?][] = [
      [n.name, s.name, 'name'], [n.model, s.model, 'model'],
      [n.deployment, s.deployment, 'deployment'], [n.provider, s.provider, 'provider'],
      [n.service, s.service, 'service'], [n.ml_app, s.ml_app, 'ml_app'], [n.env, s.env, 'env'],
      [n.version, s.version, 'version'], [n.session, s.session_id, 'session'],
      [n.user, s.user_id, 'user'], [n.error_type, s.error?.type ?? null, 'error_type'],
      [n.apm_name, s.apm_name], [n.resource, s.resource], [n.apm_type, s.apm_type],
      [n.start, `${f().dateTime(msOfNs(s.start_ns))}`],
      [n.received, s.received_ns ? f().dateTime(msOfNs(s.received_ns)) : null],
      [n.source, s.source, 'source'], [n.span_id, s.span_id], [n.parent_id, s.parent_id],
      [n.trace_id, s.trace_id], [n.apm_trace_id, s.apm_trace_id],
    ];
    return all.filter((x): x is [string, string, FilterField?] => Boolean(x[1]));
  });
  return (
    <table class="pairs">
      <tbody>
        <For each={facts()}>
          {([name, value, field]) => (
            <Fact name={name} value={value} {...(field ? { field } : {})} />
          )}
        </For>
      </tbody>
    </table>
  );
}

function Pairs(props: { values: Record<string, unknown>; tags?: boolean }): JSX.Element {
  const entries = createMemo(() =>
    Object.entries(props.values).sort(([a], [b]) => (a < b ? -1 : 1)));
  const location = useLocation();
  return (
    <table class="pairs">
      <tbody>
        <For each={entries()}>
          {([name, value]) => {
            const text = textOf(value);
            const isLong = text.length > 200 || text.includes('\n');
            return (
              <tr>
                <th scope="row"><bdi class="mono">{oneLine(name)}</bdi></th>
                <td>
                  <Show when={isLong} fallback={
                    <>
                      <Show when={props.tags} fallback={
                        <bdi class="mono">{oneLine(text)}</bdi>}>
                        <a href={filterHref(location.search, {
                          field: 'tag', value: `${name}:${text}`, exclude: false,
                        })}><bdi class="mono">{oneLine(text)}</bdi></a>
                      </Show>
                      <Copy text={() => text} what={oneLine(name)} />
                    </>}>
                    <PlainText text={text} what={oneLine(name)} mono />
                  </Show>
                </td>
              </tr>
            );
          }}
        </For>
      </tbody>
    </table>
  );
}

function Documents(props: { documents: Document[] }): JSX.Element {
  return (
    <ol class="documents">
      <For each={props.documents}>
        {(document, i) => (
          <li>
            <h4><bdi>{oneLine(document.name ?? document.id ?? '') || tSpan().document(i() + 1)}</bdi>
              <Show when={typeof document.score === 'number'}>
                <span class="quiet num">{tSpan().score(f().number(document.score ?? 0))}</span>
              </Show>
            </h4>
            <RichText text={textOf(document.text)} what={tSpan().document(i() + 1)} />
          </li>
        )}
      </For>
    </ol>
  );
}

// One side that is not messages: a value, documents, a prompt, or whatever else came.
function Side(props: { title: string; restTitle: string; io: SpanIo | null }): JSX.Element {
  const value = () => props.io?.value;
  const documents = () =>
    (Array.isArray(props.io?.documents) ? props.io.documents : []) as Document[];
  const prompt = () => props.io?.prompt;
  const rest = () => restOf(props.io);
  return (
    <>
      <Show when={value() !== undefined && value() !== null}>
        <Section title={props.title}>
          <Show when={textOf(value())} fallback={<p class="quiet">{tSpan().empty}</p>}>
            <RichText text={textOf(value())} what={props.title} />
          </Show>
        </Section>
      </Show>
      <Show when={documents().length > 0}>
        <Section title={`${props.title}: ${tSpan().documents}`} count={documents().length}>
          <Documents documents={documents()} />
        </Section>
      </Show>
      <Show when={prompt()}>
        <Section title={tSpan().prompt} folded>
          <PlainText text={textOf(prompt())} what={tSpan().prompt} mono />
        </Section>
      </Show>
      <Show when={rest()}>
        {(r) => <Section title={props.restTitle}><Pairs values={r()} /></Section>}
      </Show>
    </>
  );
}

function ErrorSection(props: { span: Span }): JSX.Element {
  const error = () => props.span.error;
  return (
    <Show when={props.span.status === 'error'}>
      <section class="error-box" role="group" aria-label={tSpan().error}>
        <p class="bad"><Icon name="error" /> <bdi class="mono">
          {oneLine(error()?.type ?? '') || tList().error}</bdi></p>
        <Show when={error()?.message}>
          {(message) => <PlainText text={message()} what={tSpan().error} />}</Show>
        <Show when={error()?.stack}>
          {(stack) => (
            <details><summary>{tSpan().stack}</summary>
              <PlainText text={stack()} what={tSpan().stack} mono /></details>
          )}
        </Show>
      </section>
    </Show>
  );
}

function evaluationsOf(trace: Trace, node: Node): Evaluation[] {
  const isRoot = node.parent === null;
  return trace.evaluations.filter((evaluation) =>
    evaluation.span_id ? evaluation.span_id === node.span.span_id : isRoot);
}

function PaneHead(props: { node: Node; children: JSX.Element }): JSX.Element {
  const span = () => props.node.span;
  const location = useLocation();
  const chips = (): [FilterField, string | null][] => [
    ['model', span().model],
    ['deployment', span().deployment === span().model ? null : span().deployment], ['service', span().service],
    ['session', span().session_id], ['user', span().user_id],
  ];
  return (
    <header class="pane-head">
      <h2><KindIcon kind={span().kind} /> <bdi>{oneLine(span().name || span().apm_name || '')}</bdi></h2>
      <p class="quiet num">{kindWord(tKinds(), span().kind)} · {f().duration(span().duration_ns)}
        <Show when={props.node.children.length > 0}>
          {' '}· {tTrace().self(f().duration(selfNs(props.node)))}</Show>
      </p>
      {props.children}
      <ul class="chips">
        <For each={chips().filter(([, value]) => value)}>
          {([field, value]) => (
            <li><a class="chip" href={filterHref(location.search, {
              field, value: value ?? '', exclude: false,
            })} title={tCommon().filterTo(oneLine(value ?? ''))}>
              <span class="quiet">{tFilters().fields[field]}</span>
              <bdi>{oneLine(value ?? '')}</bdi></a></li>
          )}
        </For>
      </ul>
    </header>
  );
}

function flagWord(flag: string): string {
  const words = tSpan().flagWords;
  return Object.hasOwn(words, flag) ? words[flag as keyof typeof words] : oneLine(flag);
}

function CompareButtons(props: {
  node: Node; trace: Trace; onCompare: (other: string) => void;
}): JSX.Element {
  const span = () => props.node.span;
  const isPicked = () =>
    picked()?.spanId === span().span_id && picked()?.traceId === props.trace.id;
  const toggle = () => pick(isPicked() ? null : {
    traceId: props.trace.id, spanId: span().span_id, name: oneLine(spanTitle(span())),
  });
  return (
    <div class="pane-actions">
      <button type="button" class="link" aria-pressed={isPicked()} data-testid="compare-pick"
        onClick={toggle}>{isPicked() ? tCompare().unpick : tCompare().pick}</button>
      <Show when={!isPicked() && picked()}>
        {(other) => (
          <button type="button" class="link" data-testid="compare-with"
            onClick={() => props.onCompare(`${other().traceId}:${other().spanId}`)}>
            {tCompare().with(other().name)}</button>
        )}
      </Show>
      <Show when={span().trace_id ?? span().apm_trace_id}>
        {(trace) => <AddToQueue title={tToQueue().addOne.span} what={() => [
          { type: 'span', content_id: `${trace()}:${span().span_id}` }]} />}
      </Show>
      <Show when={span().kind === 'llm' && span().trace_id}>
        {(trace) => <A class="link" data-testid="open-in-playground"
          href={`/playground?${new URLSearchParams({ trace: trace(), span: span().span_id })}`}>
          {tPlayground().open}</A>}
      </Show>
      <Show when={span().trace_id}>
        {(trace) => <AddToDataset title={tDatasets().addSpan} what={() => ({
          spans: [{ trace_id: trace(), span_id: span().span_id }],
        })} />}
      </Show>
    </div>
  );
}

// What can be judged here: the span, its trace and its session, as far as they are known.
function feedbackTargets(node: Node, trace: Trace): FeedbackTarget[] {
  const { trace_id: llm, span_id: span, session_id: session, ml_app } = node.span;
  const app = ml_app ? { ml_app } : {};
  const id = llm ?? trace.id;
  return [
    { about: 'span', trace_id: id, span_id: span, ...app },
    { about: 'trace', trace_id: id, ...app },
    ...(session ? [{ about: 'session' as const, session_id: session, ...app }] : []),
  ];
}

export function SpanPane(props: {
  node: Node; trace: Trace; onCompare: (other: string) => void; onJudged: () => void;
}): JSX.Element {
  const span = () => props.node.span;
  const hasMessages = () =>
    messagesOf(span().input).length + messagesOf(span().output).length > 0;
  const evaluations = createMemo(() => evaluationsOf(props.trace, props.node));
  const opinions = createOpinions(() => evaluations(), () => props.onJudged());
  const judged = () => props.trace.evaluations.filter((evaluation) =>
    !evaluation.span_id || evaluation.span_id === span().span_id);
  const has = (record: Record<string, unknown> | null | undefined) =>
    record !== null && record !== undefined && Object.keys(record).length > 0;
  return (
    <div class="span-pane" role="region" aria-label={tSpan().pane} tabIndex={0}
      data-testid="span-pane">
      <PaneHead node={props.node}>
        <CompareButtons node={props.node} trace={props.trace}
          onCompare={(other) => props.onCompare(other)} /></PaneHead>
      <AzureFacts node={props.node} />
      <ErrorSection span={span()} />
      <Show when={span().flags.length > 0}>
        <section class="flag-box"><h3>{tSpan().flags}</h3>
          <For each={span().flags}>
            {(flag) => <p class="caution"><Icon name="warn" /> {flagWord(flag)}</p>}
          </For>
        </section>
      </Show>
      <Show when={hasMessages()}><Conversation span={span()} /></Show>
      <Side title={tSpan().input} restTitle={tSpan().otherInput} io={span().input} />
      <Side title={tSpan().output} restTitle={tSpan().otherOutput} io={span().output} />
      <Show when={!span().input && !span().output && span().halves !== 'apm'}>
        <p class="quiet">{tSpan().noIo}</p></Show>
      <Section title={tSpan().evaluations} count={evaluations().length}>
        <Evaluations evaluations={evaluations()} opinions={opinions} />
        <Show when={opinions.problem()}>
          {(words) => <p role="alert" class="bad" dir="auto">{words()}</p>}</Show>
        <Feedback evaluations={judged()} onGiven={props.onJudged}
          about={feedbackTargets(props.node, props.trace)} /></Section>
      <SpanCostSection cost={span().cost} />
      <Usage metrics={span().metrics} />
      <Show when={has(span().metadata)}>
        <Section title={tSpan().parameters}><Pairs values={span().metadata ?? {}} /></Section>
      </Show>
      <Section title={tSpan().facts}><Facts node={props.node} /></Section>
      <Show when={has(span().tags)}>
        <Section title={tSpan().tags} count={Object.keys(span().tags).length}
          folded={span().halves !== 'apm'}><Pairs values={span().tags} tags /></Section>
      </Show>
      <Show when={has(span().extra)}>
        <Section title={tSpan().extra} folded><Pairs values={span().extra ?? {}} /></Section>
      </Show>
      <Section title={tSpan().raw} folded>
        <PlainText text={JSON.stringify(span(), null, 2)} what={tSpan().raw} mono />
      </Section>
    </div>
  );
}
