// An experiment that the server runs: which records, what is asked of each, whom, and how answers
// are scored; what it would take is told before anything is paid for.
import { A, useLocation, useNavigate, useSearchParams } from '@solidjs/router';
import {
  createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show,
} from 'solid-js';
import { createStore } from 'solid-js/store';
import type { Problem } from '../api/client';
import { datasetsApi } from '../api/datasets';
import {
  type Check, checks, type Estimate, experimentRunsApi, type Plan,
} from '../api/experiment_runs';
import { judgesApi } from '../api/judges';
import { playgroundApi } from '../api/playground';
import { promptsApi } from '../api/prompts';
import { tExperimentRuns } from '../i18n/experiment_runs';
import { tExperiments } from '../i18n/experiments';
import { tPlayground } from '../i18n/playground';
import { tNav } from '../i18n/shell';
import { type Draft, planOf } from '../lib/experiment_runs';
import { latestOf } from '../lib/latest';
import { emptyVariant, messagesOfTemplate, type Variant } from '../lib/playground';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { RunEstimate } from '../parts/ExperimentRun';
import { Icon } from '../parts/Icons';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { Messages, Whom } from '../parts/PlaygroundVariant';
import { PromptChoice } from '../parts/PromptChoice';

const emptyDraft: Draft = {
  dataset: '', version: 0, name: '', recordsMax: '', times: '', origin: null, checks: [], judges: [],
};
const variables = ['{{input}}', '{{input.question}}', '{{metadata.language}}'];

// A message of the beginning that asks what was recorded; a person writes around it.
const begin = (deployment: string): Variant =>
  ({ ...emptyVariant(deployment), messages: [{ role: 'user', text: '{{input}}' }] });

export default function NewExperimentPage(): JSX.Element {
  const words = () => tExperimentRuns();
  useTitle(() => words().title);
  const [query, setQuery] = useSearchParams<{
    dataset?: string; version?: string; prompt?: string; prompt_version?: string;
  }>();
  const given = useLocation<{ variant?: Variant }>().state?.variant;
  const navigate = useNavigate();
  const [about, { refetch }] = createResource(() => playgroundApi.about());
  const [judges] = createResource(() => judgesApi.all().catch(() => null));
  const [draft, setDraft] = createStore<Draft>({ ...emptyDraft });
  const [variant, setVariant] = createStore<Variant>(given ?? begin(''));
  const [seen, setSeen] = createSignal<{ plan: Plan; estimate: Estimate } | null>(null);
  const [said, setSaid] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const published = () => (latestOf(judges)?.judges ?? []).filter((one) => one.version !== null);

  const isKnown = createMemo(() => latestOf(about) !== undefined);
  createEffect(on(isKnown, (known) => {
    if (known && !variant.deployment) setVariant('deployment', latestOf(about)?.deployments[0] ?? '');
  }));
  createEffect(on([() => query.dataset, () => query.version], ([dataset, version]) => {
    setDraft({ dataset: dataset ?? '', version: Number(version ?? 0) || 0 });
  }));
  const takePrompt = async (id: string, version: string) => {
    const all = await promptsApi.versions(id);
    const chosen = all.find((one) => String(one.version) === version) ?? all[0];
    if (!chosen) return;
    const messages = messagesOfTemplate(chosen.template);
    setDraft('origin', { id, version: chosen.version, messages });
    setVariant('messages', messages.map((one) => ({ ...one })));
  };
  createEffect(on([() => query.prompt, () => query.prompt_version], ([id, version]) => {
    setDraft('origin', null);
    if (id) {
      takePrompt(id, version ?? '').catch((error: unknown) => setSaid(problemWords(error)));
    }
  }));
  // What was told holds for what was asked alone.
  const plan = createMemo(() => planOf(draft, variant));
  createEffect(on(() => JSON.stringify(plan()), () => setSeen(null), { defer: true }));

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setSaid('');
    try {
      await work();
    } catch (error) {
      setSaid(problemWords(error));
    }
    setBusy(false);
  };
  const check = (asked: Plan) => attempt(async () => {
    setSeen({ plan: asked, estimate: await experimentRunsApi.estimate(asked) });
  });
  const run = (asked: Plan) => attempt(async () => {
    navigate(`/experiments/${(await experimentRunsApi.begin(asked)).experiment_id}`);
  });
  const toggle = <T extends string>(all: T[], one: T, is: boolean): T[] =>
    (is ? [...all, one] : all.filter((other) => other !== one));
  return (
    <div class="page judges experiments" data-testid="new-experiment">
      <p><A href="/experiments" class="button"><Icon name="back" /> {tExperiments().title}</A></p>
      <h1>{words().title}</h1>
      <p class="quiet measure">{words().intro}</p>
      <Show when={!about.error} fallback={<ProblemNotice problem={about.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={latestOf(about)}>{(known) => (
          <Show when={known().deployments.length > 0} fallback={
            <p class="judge-warning" data-testid="no-deployment">{tPlayground().noDeployment}</p>}>
            <form class="experiment-form" onSubmit={(event) => {
              event.preventDefault();
              void check(plan());
            }}>
              <Records draft={draft} onChange={(change) => setDraft(change)}
                onDataset={(dataset) => setQuery({ dataset: dataset || null, version: null })} />
              <fieldset><legend>{words().asked}</legend>
                <PromptChoice prompt={query.prompt ?? ''} version={query.prompt_version ?? ''}
                  onChoose={(id, version) => setQuery({
                    prompt: id || null, prompt_version: version || null })} />
                <p class="quiet">{words().variables}{' '}
                  <For each={variables}>{(name) => <><code>{name}</code>{' '}</>}</For>
                  {words().variablesMore}</p>
                <Messages messages={variant.messages}
                  onChange={(messages) => setVariant('messages', messages)} />
              </fieldset>
              <fieldset><legend>{words().whom}</legend>
                <Whom variant={variant} deployments={known().deployments}
                  onChange={(change) => setVariant(change)} />
              </fieldset>
              <Scores checks={draft.checks} judges={draft.judges}
                published={published().map((one) => one.name)}
                onCheck={(one, is) => setDraft('checks', toggle([...draft.checks], one, is))}
                onJudge={(one, is) => setDraft('judges', toggle([...draft.judges], one, is))} />
              <button type="submit" class="primary" disabled={busy() || !draft.dataset}>
                {busy() && !seen() ? words().checking : words().check}</button>
              <p role="status" class="bad" dir="auto">{said()}</p>
            </form>
            <Show when={seen()}>{(told) => (
              <RunEstimate estimate={told().estimate} busy={busy()}
                onRun={() => void run(told().plan)} />)}</Show>
          </Show>)}</Show>
      </Show>
    </div>
  );
}

function Records(props: {
  draft: Draft; onChange: (change: Partial<Draft>) => void; onDataset: (id: string) => void;
}): JSX.Element {
  const words = () => tExperimentRuns();
  const [datasets] = createResource(() => datasetsApi.list());
  return (
    <fieldset><legend>{words().records}</legend>
      <div class="cost-fields">
        <label>{words().dataset}
          <select name="dataset" required
            onChange={(event) => props.onDataset(event.currentTarget.value)}>
            <option value="">{words().pick}</option>
            <For each={latestOf(datasets) ?? []}>{(one) => (
              <option value={one.id} selected={one.id === props.draft.dataset}>
                {oneLine(one.attributes.name)} ({one.attributes.records_count})</option>)}</For>
          </select></label>
        <label>{words().version}
          <input class="num" name="version" inputMode="numeric" size={16} pattern="[0-9]*"
            placeholder={words().newest} value={props.draft.version || ''}
            onInput={(event) => props.onChange({
              version: Number(event.currentTarget.value) || 0 })} /></label>
        <label>{words().recordsMax}
          <input class="num" name="records" inputMode="numeric" size={8} pattern="[0-9]*"
            placeholder={words().all} value={props.draft.recordsMax}
            onInput={(event) => props.onChange({ recordsMax: event.currentTarget.value })} />
        </label>
        <label>{words().times}
          <input class="num" name="times" inputMode="numeric" size={8} pattern="[0-9]*"
            placeholder={words().once} value={props.draft.times}
            onInput={(event) => props.onChange({ times: event.currentTarget.value })} /></label>
        <label>{words().name}
          <input name="name" maxLength={200} placeholder={words().nameHint} value={props.draft.name}
            onInput={(event) => props.onChange({ name: event.currentTarget.value })} /></label>
      </div>
    </fieldset>
  );
}

function Scores(props: {
  checks: Check[]; judges: string[]; published: string[];
  onCheck: (one: Check, is: boolean) => void; onJudge: (one: string, is: boolean) => void;
}): JSX.Element {
  const words = () => tExperimentRuns();
  return (
    <fieldset><legend>{words().scores}</legend>
      <div class="experiment-checks">
        <For each={checks}>{(one) => (
          <label class="check"><input type="checkbox" checked={props.checks.includes(one)}
            onChange={(event) => props.onCheck(one, event.currentTarget.checked)} />
          {words().checks[one]}</label>)}</For>
        <For each={props.published}>{(one) => (
          <label class="check"><input type="checkbox" checked={props.judges.includes(one)}
            onChange={(event) => props.onJudge(one, event.currentTarget.checked)} />
          <bdi>{words().judge(oneLine(one))}</bdi></label>)}</For>
      </div>
      <Show when={props.published.length === 0}>
        <p class="quiet">{words().noJudges} <A href="/judges">{tNav().judges}</A></p></Show>
    </fieldset>
  );
}
