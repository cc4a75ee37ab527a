// What is taken out of texts before they are stored: the rules, a place to try them, what they did.
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import {
  type Action, actions, type Redaction, redactionApi, type Rule, type Version,
} from '../api/redaction';
import { f } from '../i18n/language';
import { tRedaction } from '../i18n/redaction';
import { usePeriod } from '../lib/address';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { Lines, PastTrial, TextTrial } from '../parts/RedactionTrial';
import { TimeRange } from '../parts/TimeRange';

interface Draft {
  id: number; app: string; target: string; name: string; pattern: string; action: Action;
  enabled: boolean;
}
const fresh: Draft = {
  id: 0, app: '*', target: 'pii', name: '', pattern: '', action: 'mask', enabled: true,
};

type Target = Pick<Rule, 'target' | 'name' | 'pattern'>;

function targetWords(rule: Target): string {
  if (rule.target === 'pii') return tRedaction().pii;
  if (rule.target === 'secrets') return tRedaction().secrets;
  return rule.target === 'pattern' ? `${rule.name ?? ''} = ${rule.pattern ?? ''}` : rule.target;
}

function ruleWords(rule: Rule): string {
  return `${targetWords(rule)} (${rule.app}): ${tRedaction().actions[rule.action]}`;
}

const draftOf = (rule: Rule): Draft =>
  ({ ...rule, name: rule.name ?? '', pattern: rule.pattern ?? '' });

// What the server takes: a name and a pattern only where they belong.
function bodyOf(draft: Draft): Record<string, unknown> {
  const { name, pattern, id, ...rest } = draft;
  return { ...rest, ...(id ? { id } : {}), ...(draft.target === 'pattern' ? { name, pattern } : {}) };
}

function RuleForm(props: {
  draft: Draft; all: Redaction | undefined; said: string; bad: boolean;
  onChange: (draft: Draft) => void; onSave: () => void; onCancel: () => void;
}): JSX.Element {
  const set = (part: Partial<Draft>) => { props.onChange({ ...props.draft, ...part }); };
  const of = (kind: 'pii' | 'secrets') =>
    (props.all?.built_in ?? []).filter((rule) => rule.class === kind);
  return (
    <form data-testid="redaction-form"
      onSubmit={(event) => { event.preventDefault(); props.onSave(); }}>
      <h2>{props.draft.id ? tRedaction().changeRule : tRedaction().newRule}</h2>
      <div class="cost-fields">
        <label>{tRedaction().app}
          <input name="app" required value={props.draft.app} title={tRedaction().appHint}
            onInput={(event) => set({ app: event.currentTarget.value })} /></label>
        <label>{tRedaction().target}
          <select name="target" value={props.draft.target}
            onChange={(event) => set({ target: event.currentTarget.value })}>
            <option value="pii" selected={props.draft.target === 'pii'}>{tRedaction().pii}</option>
            <option value="secrets" selected={props.draft.target === 'secrets'}>
              {tRedaction().secrets}</option>
            <option value="pattern" selected={props.draft.target === 'pattern'}>
              {tRedaction().pattern}</option>
            <optgroup label={tRedaction().personal}>
              <For each={of('pii')}>
                {(rule) => <option value={rule.name} selected={props.draft.target === rule.name}>
                  {rule.name}</option>}</For>
            </optgroup>
            <optgroup label={tRedaction().keys}>
              <For each={of('secrets')}>
                {(rule) => <option value={rule.name} selected={props.draft.target === rule.name}>
                  {rule.name}</option>}</For>
            </optgroup>
          </select></label>
        <Show when={props.draft.target === 'pattern'}>
          <label>{tRedaction().name}
            <input name="name" required pattern="[a-z0-9_]{1,40}" value={props.draft.name}
              onInput={(event) => set({ name: event.currentTarget.value })} /></label>
          <label>{tRedaction().patternText}
            <input name="pattern" required class="code" value={props.draft.pattern} spellcheck={false}
              onInput={(event) => set({ pattern: event.currentTarget.value })} /></label>
        </Show>
        <label>{tRedaction().action}
          <select name="action" value={props.draft.action}
            onChange={(event) => set({ action: event.currentTarget.value as Action })}>
            <For each={actions}>
              {(action) => <option value={action} selected={props.draft.action === action}>
                {tRedaction().actions[action]}</option>}</For>
          </select></label>
        <button type="submit" class="primary">
          {props.draft.id ? tRedaction().save : tRedaction().add}</button>
        <Show when={props.draft.id}>
          <button type="button" class="button" onClick={() => { props.onCancel(); }}>
            {tRedaction().cancel}</button></Show>
      </div>
      <p class="quiet">{tRedaction().explain[props.draft.action]}</p>
      <p role="status" classList={{ bad: props.bad, good: !props.bad && props.said !== '' }}
        dir="auto">{props.said}</p>
    </form>
  );
}

function Rules(props: {
  rules: Rule[]; onChange: (rule: Rule) => void; onToggle: (rule: Rule) => void;
  onRemove: (rule: Rule) => void;
}): JSX.Element {
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={tRedaction().held}>
      <table class="pairs cost-table" data-testid="redaction-rules">
        <thead><tr>
          <th scope="col">{tRedaction().target}</th>
          <th scope="col">{tRedaction().app}</th>
          <th scope="col">{tRedaction().action}</th>
          <th scope="col"><span class="off-screen">{tRedaction().change}</span></th>
        </tr></thead>
        <tbody>
          <For each={props.rules}>
            {(rule) => (
              <tr>
                <th scope="row"><bdi>{oneLine(targetWords(rule))}</bdi>
                  <Show when={!rule.enabled}>{' '}
                    <span class="quiet">{tRedaction().off}</span></Show></th>
                <td><bdi>{oneLine(rule.app)}</bdi></td>
                <td>{tRedaction().actions[rule.action]}</td>
                <td class="redaction-buttons">
                  <button type="button" class="button" onClick={() => { props.onChange(rule); }}
                    aria-label={`${tRedaction().change} ${ruleWords(rule)}`}>
                    {tRedaction().change}</button>{' '}
                  <button type="button" class="button" onClick={() => { props.onToggle(rule); }}
                    aria-label={`${rule.enabled ? tRedaction().rest : tRedaction().wake} ${ruleWords(rule)}`}>
                    {rule.enabled ? tRedaction().rest : tRedaction().wake}</button>{' '}
                  <button type="button" class="button" onClick={() => { props.onRemove(rule); }}
                    aria-label={`${tRedaction().remove} ${ruleWords(rule)}`}>
                    {tRedaction().remove}</button>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function History(props: { history: Version[]; onUndo: (version: Version) => void }): JSX.Element {
  return (
    <details class="redaction-history">
      <summary>{tRedaction().history}</summary>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={tRedaction().history}>
        <table class="pairs cost-table">
          <thead><tr>
            <th scope="col">{tRedaction().when}</th>
            <th scope="col">{tRedaction().what}</th>
            <th scope="col">{tRedaction().who}</th>
            <th scope="col"><span class="off-screen">{tRedaction().undo}</span></th>
          </tr></thead>
          <tbody>
            <For each={props.history}>
              {(version) => (
                <tr>
                  <td class="num">{f().dateTime(Date.parse(version.at))}</td>
                  <td><bdi>{oneLine(ruleWords(version.rule))}</bdi>{' '}
                    <span class="quiet">
                      {version.removed ? tRedaction().gone
                        : version.rule.enabled ? tRedaction().set : tRedaction().off}</span></td>
                  <td><bdi>{oneLine(version.author)}</bdi></td>
                  <td><button type="button" class="link" onClick={() => { props.onUndo(version); }}
                    aria-label={`${tRedaction().undoThis}: ${ruleWords(version.rule)}`}>
                    {tRedaction().undo}</button></td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </details>
  );
}

export default function RedactionPage(): JSX.Element {
  useTitle(() => tRedaction().title);
  const { setQuery, state, range } = usePeriod();
  const [all, { refetch }] = createResource(() => redactionApi.all());
  const [report, { refetch: again }] = createResource(
    () => ({ from: state().from, to: state().to }),
    (asked) => redactionApi.report(new URLSearchParams(asked)));
  const [draft, setDraft] = createSignal(fresh);
  const [said, setSaid] = createSignal('');
  const [bad, setBad] = createSignal(false);
  const [removed, setRemoved] = createSignal<Rule | null>(null);
  const change = async (work: Promise<unknown>, words: string): Promise<boolean> => {
    let done = true;
    try {
      await work;
      setSaid(words);
    } catch (error) {
      setSaid(problemWords(error));
      done = false;
    }
    setBad(!done);
    void refetch();
    void again();
    return done;
  };
  const save = async () => {
    setRemoved(null);
    if (await change(redactionApi.put(bodyOf(draft())), tRedaction().saved)) setDraft(fresh);
  };
  const remove = async (rule: Rule) => {
    if (await change(redactionApi.remove(rule.id), '')) setRemoved(rule);
  };
  const restore = async () => {
    const newest = latestOf(all)?.history.find((version) => version.rule.id === removed()?.id);
    if (newest && await change(redactionApi.undo(newest.seq), '')) setRemoved(null);
  };
  const holding = () => (latestOf(all)?.rules ?? []).filter((rule) => rule.enabled).length;
  const times = () => (latestOf(report)?.lines ?? []).reduce((sum, line) => sum + line.times, 0);
  return (
    <div class="page costs redaction">
      <h1>{tRedaction().title}</h1>
      <p class="quiet">{tRedaction().intro}</p>
      <Show when={all.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={latestOf(all)} fallback={
        <Show when={!all.error}><div class="skeleton skeleton-page" /></Show>}>
        {(found) => (
          <>
            <p class="lead">
              {holding() === 0 ? tRedaction().none : tRedaction().rules(holding())}{' '}
              <Show when={times() > 0}>{tRedaction().taken(f().number(times()))}</Show></p>
            <Show when={found().rules.length > 0}>
              <Rules rules={found().rules} onRemove={(rule) => void remove(rule)}
                onChange={(rule) => setDraft(draftOf(rule))}
                onToggle={(rule) => void change(redactionApi.put(bodyOf({
                  ...draftOf(rule), enabled: !rule.enabled,
                })), '')} />
            </Show>
            <p role="status"><Show when={removed()}>
              {(rule) => <>{tRedaction().removed(ruleWords(rule()))}{' '}
                <button type="button" class="link" data-testid="undo-redaction"
                  onClick={() => void restore()}>{tRedaction().undo}</button></>}
            </Show></p>
          </>
        )}
      </Show>
      <RuleForm draft={draft()} all={latestOf(all)} said={said()} bad={bad()} onChange={setDraft}
        onSave={() => void save()} onCancel={() => setDraft(fresh)} />
      <TextTrial draft={() => bodyOf(draft())} />
      <section>
        <h2>{tRedaction().report}</h2>
        <div class="cost-tools">
          <TimeRange state={state()} range={range()}
            onRange={(from, to) => setQuery({ from, to })} />
        </div>
        <Show when={(latestOf(report)?.lines.length ?? 0) > 0}
          fallback={<p class="quiet">{report.loading ? '' : tRedaction().noReport}</p>}>
          <div data-testid="redaction-report">
            <Lines lines={latestOf(report)?.lines ?? []} rows label={tRedaction().report} /></div>
        </Show>
      </section>
      <PastTrial draft={() => bodyOf(draft())} from={state().from} to={state().to} />
      <Show when={(latestOf(all)?.history.length ?? 0) > 0}>
        <History history={latestOf(all)?.history ?? []}
          onUndo={(version) => void change(redactionApi.undo(version.seq), '')} />
      </Show>
    </div>
  );
}
