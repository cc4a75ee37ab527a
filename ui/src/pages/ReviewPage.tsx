// One item after another: what was said on the one side, what is asked about it on the other, all
// of it by keys.
import { A, useParams, useSearchParams } from '@solidjs/router';
import {
  batch, createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show, untrack,
} from 'solid-js';
import { api, key, type Problem } from '../api/client';
import {
  type ItemPage, type Label, type Progress, type Queue, type QueueItem, queuesApi, type Value,
} from '../api/queues';
import type { Trace } from '../api/types';
import { f } from '../i18n/language';
import { tQueues } from '../i18n/queues';
import { author, setAuthor } from '../lib/author';
import { useShortcuts } from '../lib/keys';
import { latestOf } from '../lib/latest';
import {
  type Chosen, choicesOf, choose, type Draft, draftOf, keepDraft, keptDraft, missingLabel, valuesOf,
} from '../lib/review';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { buildTree } from '../lib/tree';
import { Icon } from '../parts/Icons';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { ReviewForm } from '../parts/ReviewForm';
import Thread from '../parts/Thread';

// Of a session, the first turns; the whole of it is one click away.
const turnsMax = 50;
const everMs = Date.UTC(2015, 0, 1);
// What Enter does something else on. On a choice that was just pressed it submits.
const nativeKeys = 'a,summary,button:not(.review-choices button)';

export default function ReviewPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [named, setNamed] = createSignal(author() !== '');
  const [queue, { refetch }] = createResource(() => ({ id: params.id, key: key() }),
    (asked) => queuesApi.one(asked.id));
  useTitle(() => tQueues().doing.title);
  return (
    <div class="page review-page" data-testid="review">
      <p class="review-head"><A href={`/queues/${params.id}`} class="button">
        <Icon name="back" /> {tQueues().doing.back}</A></p>
      <h1><span class="quiet">{tQueues().doing.title}</span>{' '}
        <bdi>{oneLine(queue.error ? '' : latestOf(queue)?.attributes.name ?? '')}</bdi></h1>
      <Show when={!queue.error} fallback={<ProblemNotice problem={queue.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={named()} fallback={<WhoAreYou onNamed={() => setNamed(true)} />}>
          <Show when={latestOf(queue)} fallback={<div class="skeleton skeleton-page" />}>
            {(one) => <Show when={one().attributes.annotation_schema.label_schemas.length > 0}
              fallback={<p class="empty">{tQueues().doing.noLabels}</p>}>
              <Review queue={one()} /></Show>}
          </Show>
        </Show>
      </Show>
    </div>
  );
}

function WhoAreYou(props: { onNamed: () => void }): JSX.Element {
  return (
    <form class="cost-fields" data-testid="review-who" onSubmit={(event) => {
      event.preventDefault();
      setAuthor(String(new FormData(event.currentTarget).get('author')));
      props.onNamed();
    }}>
      <label>{tQueues().doing.who}
        <input name="author" required maxLength={80} autocomplete="name" autofocus /></label>
      <button type="submit" class="primary">{tQueues().doing.start}</button>
      <p class="quiet">{tQueues().doing.whoWhy}</p>
    </form>
  );
}

// The items that wait for this person, as they are asked for, and the place among them.
function useItems(queue: () => Queue, first: () => string | undefined) {
  const [items, setItems] = createSignal<QueueItem[]>([]);
  const [at, setAt] = createSignal(0);
  const [progress, setProgress] = createSignal<Progress | null>(null);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const [ready, setReady] = createSignal(false);
  let cursor: string | null = null;
  let ended = false;
  const load = async () => {
    try {
      const page = await queuesApi.items(queue().id, author(), 'open', cursor);
      ended = page.next === null;
      cursor = page.next;
      const known = new Set(items().map((one) => one.id));
      batch(() => {
        setItems([...items(), ...page.items.filter((one) => !known.has(one.id))]);
        setProgress(page.progress);
        setProblem(null);
      });
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  // An item asked for by its id comes first, also when it does not wait.
  const start = async () => {
    const asked = first();
    for (let from: string | null = null; asked;) {
      const page: ItemPage | null =
        await queuesApi.items(queue().id, author(), 'any', from).catch(() => null);
      const found = page?.items.find((one) => one.id === asked);
      if (found) setItems([found]);
      from = page?.next ?? null;
      if (found || !from) break;
    }
    await load();
    setReady(true);
  };
  // eslint-disable-next-line solid/reactivity -- where a review begins
  void start();
  const move = async (by: number) => {
    if (at() + by >= items().length - 2 && !ended) await load();
    setAt(Math.max(0, Math.min(items().length, at() + by)));
  };
  const replace = (id: string, annotation: QueueItem['annotation']) =>
    setItems(items().map((one) => (one.id === id ? { ...one, annotation } : one)));
  const count = async () => {
    const page = await queuesApi.items(queue().id, author(), 'open', null).catch(() => null);
    if (page) setProgress(page.progress);
  };
  return {
    item: () => items()[at()], at, setAt, items, progress, problem, ready, load, move, replace,
    count,
  };
}

/* eslint-disable solid/reactivity -- run by keys and buttons, where reading is not tracking */
// What is chosen for the item at hand, and what is done with it.
function useReview(queue: () => Queue, first: () => string | undefined) {
  const words = () => tQueues().doing;
  const labels = () => queue().attributes.annotation_schema.label_schemas;
  const list = useItems(queue, first);
  const [draft, setDraft] = createSignal<Draft>({});
  const [marked, setMarked] = createSignal(0);
  const [said, setSaid] = createSignal('');
  const [bad, setBad] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  // What `u` takes back, the newest last: the places in the list.
  const [done, setDone] = createSignal<number[]>([]);
  createEffect(on(() => list.item()?.id, (id) => {
    const item = list.item();
    setMarked(0);
    setDraft(id ? keptDraft(queue().id, id, author()) ??
      draftOf(item?.annotation?.label_values ?? []) : {});
  }));
  const set = (now: Draft) => {
    setDraft(now);
    // What was told belongs to what was chosen before.
    setSaid('');
    const item = list.item();
    if (item) keepDraft(queue().id, item.id, author(), now);
  };
  const setLabel = (label: Label, chosen: Chosen) => set({ ...draft(), [label.id ?? '']: chosen });
  const chooseOne = (label: Label, choice: Value) => {
    setMarked(labels().indexOf(label));
    setLabel(label, choose(label, draft()[label.id ?? ''], choice));
  };
  const tell = (text: string, isBad = false) => batch(() => { setSaid(text); setBad(isBad); });
  const attempt = async (work: () => Promise<string>) => {
    if (busy()) return;
    setBusy(true);
    try {
      tell(await work());
      void list.count();
    } catch (error) {
      tell(problemWords(error), true);
    } finally {
      setBusy(false);
    }
  };
  const keep = (skipped: boolean) => attempt(async () => {
    const item = list.item();
    if (!item) return '';
    const missing = skipped ? undefined : missingLabel(labels(), draft());
    if (missing) {
      setMarked(labels().indexOf(missing));
      throw new Error(words().missing(missing.name));
    }
    const kept = await queuesApi.answer(queue().id, item.id,
      skipped ? null : valuesOf(labels(), draft()), queue().attributes.schema_version, author());
    keepDraft(queue().id, item.id, author(), null);
    list.replace(item.id, kept);
    setDone([...done(), list.at()]);
    await list.move(1);
    return skipped ? words().skippedOne : words().saved;
  });
  const undo = () => attempt(async () => {
    const at = done().at(-1);
    const item = at === undefined ? undefined : list.items()[at];
    if (at === undefined || !item?.annotation) return '';
    const values = item.annotation.label_values;
    await queuesApi.takeBack(queue().id, item.annotation.id);
    // What was said is there to be said otherwise.
    keepDraft(queue().id, item.id, author(), draftOf(values));
    list.replace(item.id, null);
    setDone(done().slice(0, -1));
    if (list.at() === at) setDraft(draftOf(values));
    list.setAt(at);
    return words().undone;
  });
  return {
    labels, list, draft, marked, setMarked, said, bad, busy, done, setLabel, chooseOne, keep, undo,
  };
}
/* eslint-enable solid/reactivity */

function useReviewKeys(review: ReturnType<typeof useReview>): void {
  const { labels, list, marked, setMarked } = review;
  const digit = (n: number) => () => {
    const label = labels()[marked()];
    const choice = label && choicesOf(label)[n - 1];
    if (!label || choice === undefined) return false;
    review.chooseOne(label, choice);
    return true;
  };
  const mark = (by: number) => setMarked(
    Math.max(0, Math.min(labels().length - 1, marked() + by)));
  useShortcuts({
    ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), digit(i + 1)])),
    ArrowDown: () => mark(1), ArrowUp: () => mark(-1),
    n: () => void list.move(1), j: () => void list.move(1),
    p: () => void list.move(-1), k: () => void list.move(-1),
    s: () => void review.keep(true), u: () => void review.undo(),
    Enter: (event) => {
      const { target } = event;
      if (target instanceof HTMLElement && target.closest(nativeKeys)) return false;
      void review.keep(false);
      return true;
    },
  });
}

function Review(props: { queue: Queue }): JSX.Element {
  const words = () => tQueues().doing;
  const [search] = useSearchParams<{ item?: string }>();
  const review = useReview(() => props.queue, () => search.item);
  const { labels, list, draft, marked, setMarked, said, bad, busy, done, keep, undo } = review;
  useReviewKeys(review);
  // In a field the keys are letters: Enter submits there too, where it does not break a line.
  const typing = (event: KeyboardEvent) => {
    const { target } = event;
    const isField = target instanceof HTMLInputElement ||
      (target instanceof HTMLTextAreaElement && (event.ctrlKey || event.metaKey));
    if (target instanceof HTMLElement && event.key === 'Escape') target.blur();
    if (event.key !== 'Enter' || !isField) return;
    event.preventDefault();
    void keep(false);
  };
  return (
    <>
      <p class="review-progress" role="status" data-testid="review-progress">
        <Show when={list.progress()}>
          {(p) => <><progress max={Math.max(1, p().items)} value={p().answered}
            aria-label={words().title} />{' '}
          {words().progress(
            f().number(p().answered), f().number(p().items), f().number(p().open))}</>}
        </Show></p>
      <p role="status" classList={{ bad: bad() }} dir="auto" data-testid="review-said">{said()}</p>
      <Show when={list.problem()}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void list.load()} />}</Show>
      <Show when={list.item()} fallback={
        <Show when={list.ready()} fallback={<div class="skeleton skeleton-page" />}>
          <p class="empty" data-testid="review-finished">{words().finished}</p></Show>}>
        {(item) => (
          <div class="review-split">
            <section class="review-what" data-testid="review-item" data-item={item().id}>
              <ItemShown item={item()} /></section>
            <section class="review-form" aria-label={tQueues().schema.title}
              onKeyDown={typing}>
              <Show when={item().annotation && !item().annotation?.skipped}>
                <p class="caution">{words().yours}</p></Show>
              <ReviewForm labels={labels()} draft={draft()} marked={marked()} onMark={setMarked}
                onChoose={review.chooseOne} onSet={review.setLabel} />
              <div class="review-buttons">
                <button type="button" class="primary" data-testid="submit" disabled={busy()}
                  onClick={() => void keep(false)}>{words().submit} <kbd>Enter</kbd></button>
                <button type="button" class="button" onClick={() => void keep(true)}>
                  {words().skip} <kbd>s</kbd></button>
                <button type="button" class="button" onClick={() => void list.move(-1)}>
                  {words().before} <kbd>p</kbd></button>
                <button type="button" class="button" onClick={() => void list.move(1)}>
                  {words().next} <kbd>n</kbd></button>
              </div>
              <p class="quiet">{words().keys}</p>
            </section>
          </div>
        )}
      </Show>
      <Show when={done().length > 0}>
        <button type="button" class="button" data-testid="review-undo" onClick={() => void undo()}>
          {words().undo} <kbd>u</kbd></button></Show>
    </>
  );
}

async function tracesOf(item: QueueItem): Promise<Trace[]> {
  if (item.trace_id && item.span_id) {
    const trace = await api.trace(item.trace_id);
    const isThere = (part: Trace) => part.spans.some((one) => one.span_id === item.span_id);
    const part = !trace.windows || isThere(trace) ? trace
      : await api.tracePart(item.trace_id, { span: item.span_id });
    return isThere(part)
      ? [{ ...part, spans: part.spans.filter((one) => one.span_id === item.span_id) }] : [];
  }
  if (item.trace_id) return [await api.trace(item.trace_id)];
  const { rows } = await api.rows('traces', new URLSearchParams({
    from: String(everMs), to: String(Date.now()), limit: String(turnsMax), sort: 'start',
    session: item.session_id ?? '',
  }));
  return Promise.all(rows.map((row) => api.trace(row.trace_id)));
}

// A trace as the conversation it was, a step with its messages, a session turn by turn.
function ItemShown(props: { item: QueueItem }): JSX.Element {
  const [traces] = createResource(() => props.item.id, () => tracesOf(untrack(() => props.item)));
  const shown = createMemo(() => (traces.error || traces.loading ? undefined : latestOf(traces)));
  const href = () => (props.item.trace_id
    ? `/traces/${props.item.trace_id}?full=1${props.item.span_id ? `&span=${props.item.span_id}` : ''}`
    : `/sessions/${encodeURIComponent(props.item.session_id ?? '')}`);
  return (
    <Show when={!traces.error} fallback={<p class="empty" role="alert">{tQueues().doing.gone}</p>}>
      <Show when={shown()} fallback={<div class="skeleton skeleton-page" />}>
        {(found) => (
          <>
            <p class="quiet">{tQueues().list.types[props.item.type]}{' '}
              <A class="link" href={href()}>{tQueues().doing.whole}</A></p>
            <For each={found()} fallback={
              <p class="empty" role="alert">{tQueues().doing.gone}</p>}>
              {(trace) => <Thread tree={buildTree(trace)} selected={null}
                onSelect={() => undefined} />}
            </For>
          </>
        )}
      </Show>
    </Show>
  );
}
