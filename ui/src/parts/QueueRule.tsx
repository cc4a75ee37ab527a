// The rule by which a queue fills itself: what it takes, what it did, and its form.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show, untrack } from 'solid-js';
import {
  type NewRule, type QueueRule, queuesApi, type RuleDay, type RuleSeen,
} from '../api/queues';
import { tToQueue } from '../i18n/choosing';
import { f } from '../i18n/language';
import { tQueues } from '../i18n/queues';
import { tCommon } from '../i18n/shell';
import { author } from '../lib/author';
import { every } from '../lib/fresh';
import { latestOf } from '../lib/latest';
import { fieldsOf, listHref, newRule, otherFilters, ruleOf } from '../lib/rule';
import { oneLine } from '../lib/text';
import { problemWords } from './Notice';

const refreshMs = 5_000;

export function QueueRuleSection(props: { queue: string; onAdded: () => void }): JSX.Element {
  const words = () => tQueues().rule;
  const [seen, { mutate, refetch }] =
    createResource(() => props.queue, (id) => queuesApi.rule(id));
  const [problem, setProblem] = createSignal('');
  const [removed, setRemoved] = createSignal<QueueRule | null>(null);
  const [editing, setEditing] = createSignal(false);
  const change = async (changed: Promise<RuleSeen>) => {
    try {
      mutate(await changed);
      // A look that began before the change knows nothing of it.
      if (seen.loading) void refetch();
      setProblem('');
      setEditing(false);
      return true;
    } catch (error) {
      setProblem(problemWords(error));
      return false;
    }
  };
  const save = async (rule: NewRule) => {
    if (await change(queuesApi.setRule(props.queue, rule, author()))) setRemoved(null);
  };
  const remove = async (rule: QueueRule) => {
    if (await change(queuesApi.removeRule(props.queue))) setRemoved(rule);
  };
  // A resource that failed throws when it is read.
  const now = () => (seen.error ? undefined : latestOf(seen));
  const added = () => (now()?.days ?? []).reduce((sum, day) => sum + day.added, 0);
  const look = async () => {
    if (seen.loading || (!seen.error && !now()?.rule)) return;
    const before = added();
    await refetch();
    if (added() !== before) props.onAdded();
  };
  every(refreshMs, () => void look());
  return (
    <section data-testid="queue-rule">
      <h2>{words().title}</h2>
      <Show when={!seen.error} fallback={<p class="bad" role="status">{problemWords(seen.error)}</p>}>
        <Show when={latestOf(seen)} fallback={<div class="skeleton" />}>
          {(one) => (
            <>
              <Show when={one().rule} fallback={<p class="quiet">{words().none}</p>}>
                {(rule) => <RuleShown rule={rule()} onEdit={() => setEditing(!editing())}
                  editing={editing()} onRemove={() => void remove(rule())} />}</Show>
              <Show when={!one().rule && !editing()}>
                <button type="button" class="button" data-testid="make-rule"
                  onClick={() => setEditing(true)}>{words().make}</button></Show>
              <Show when={editing()}>
                <RuleForm rule={one().rule} onSave={(rule) => void save(rule)}
                  onCancel={() => { setEditing(false); setProblem(''); }} /></Show>
              <p role="status" classList={{ bad: problem() !== '' }} dir="auto">{problem()}
                <Show when={!problem() && removed()}>
                  {(rule) => <>{words().removed}{' '}
                    <button type="button" class="link" data-testid="undo-rule"
                      onClick={() => void save(rule())}>{tCommon().undo}</button></>}</Show></p>
              <Show when={one().days.length > 0}><RuleDays days={one().days} /></Show>
            </>
          )}
        </Show>
      </Show>
    </section>
  );
}

function RuleShown(props: {
  rule: QueueRule; editing: boolean; onEdit: () => void; onRemove: () => void;
}): JSX.Element {
  const words = () => tQueues().rule;
  const query = () => fieldsOf(props.rule).query;
  return (
    <>
      <p>{words().takes[props.rule.type](f().percent(props.rule.sample),
        f().number(props.rule.daily_max))}</p>
      <p><Show when={query() === '' && otherFilters(props.rule).length === 0}>
        <span class="quiet">{words().everything}</span></Show>
        <For each={otherFilters(props.rule)}>
          {(one) => <><span class="chip"><bdi>{oneLine(one)}</bdi></span>{' '}</>}</For>
        <Show when={query() !== ''}><code><bdi>{oneLine(query())}</bdi></code></Show></p>
      <p class="quiet">{words().since(f().dateTime(Date.parse(props.rule.since)),
        oneLine(props.rule.author ?? ''))}</p>
      <Show when={props.rule.problem}>
        {(why) => <p class="bad" dir="auto">{words().problem(oneLine(why()))}</p>}</Show>
      <p class="pane-actions">
        <button type="button" class="button" data-testid="edit-rule" aria-expanded={props.editing}
          onClick={() => props.onEdit()}>{words().edit}</button>
        <button type="button" class="button" data-testid="remove-rule"
          onClick={() => props.onRemove()}>{words().remove}</button>
        <A class="button" href={listHref(props.rule)}>{words().see}</A></p>
    </>
  );
}

function RuleForm(props: {
  rule: QueueRule | null; onSave: (rule: NewRule) => void; onCancel: () => void;
}): JSX.Element {
  const words = () => tQueues().rule;
  // A form that is being filled in does not change under the hands.
  const at = untrack(() => (props.rule ? fieldsOf(props.rule) : newRule));
  const save = (form: HTMLFormElement) => {
    const data = new FormData(form);
    props.onSave(ruleOf({
      query: String(data.get('query')).trim(),
      type: String(data.get('type')) as QueueRule['type'],
      percent: Number(data.get('sample')), dailyMax: Number(data.get('daily_max')),
    }, props.rule));
  };
  return (
    <form class="cost-fields" data-testid="rule-form"
      onSubmit={(event) => { event.preventDefault(); save(event.currentTarget); }}
      onKeyDown={(event) => { if (event.key === 'Escape') props.onCancel(); }}>
      <label class="rule-query">{words().query}
        <input name="query" value={at.query} dir="auto" spellcheck={false} autocomplete="off"
          placeholder="@evaluation.tone.value:rude" ref={(field) => queueMicrotask(() => field.focus())} />
      </label>
      <label>{words().type}
        <select name="type">
          <For each={['trace', 'span', 'session'] as const}>{(one) => (
            <option value={one} selected={one === at.type}>{words().types[one]}</option>)}</For>
        </select></label>
      <label>{tToQueue().sample}
        <input name="sample" type="number" min={0.1} max={100} step="any" value={at.percent} required />
      </label>
      <label>{words().dailyMax}
        <input name="daily_max" type="number" min={1} max={5000} value={at.dailyMax} required /></label>
      <button type="submit" class="primary">{words().save}</button>
      <button type="button" class="button" onClick={() => props.onCancel()}>{words().cancel}</button>
      <p class="quiet rule-hint">{words().hint}</p>
    </form>
  );
}

const reasons = ['known', 'sampled_out', 'over_day', 'unnamed', 'queue_full'] as const;

function RuleDays(props: { days: RuleDay[] }): JSX.Element {
  const words = () => tQueues().rule;
  return (
    <details class="section" open data-testid="rule-days">
      <summary><h3>{words().did}</h3></summary>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().did}>
        <table class="pairs cost-table">
          <thead><tr><th scope="col">{words().day}</th><th scope="col">{words().added}</th>
            <th scope="col">{words().last}</th>
            <For each={reasons}>{(one) => <th scope="col">{words().reasons[one]}</th>}</For>
          </tr></thead>
          <tbody><For each={props.days}>{(day) => (
            <tr><th scope="row" class="num">{day.day}</th>
              <td class="num">{f().number(day.added)}</td>
              <td class="num">{day.last_added ? f().dateTime(Date.parse(day.last_added)) : '—'}</td>
              <For each={reasons}>{(one) => <td class="num">{f().number(day[one])}</td>}</For>
            </tr>)}</For></tbody>
        </table>
      </div>
    </details>
  );
}
