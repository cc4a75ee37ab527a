// Judges: those there are and what they did today; one of them edited, with its test beside it.
import { useSearchParams } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { type Judge, judgesApi, type Settings } from '../api/judges';
import { tJudges } from '../i18n/judges';
import { f } from '../i18n/language';
import { emptyDraft, notJudged, tidied } from '../lib/judges';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { JudgeForm } from '../parts/JudgeForm';
import { JudgeTrial } from '../parts/JudgeTrial';
import { ProblemNotice, problemWords } from '../parts/Notice';

function Today(props: { judge: Judge }): JSX.Element {
  const today = () => props.judge.today;
  return (
    <>
      {tJudges().did(
        f().number(today().judged), f().number(today().calls), f().compact(today().tokens))}
      <Show when={today().failed > 0}>{', '}
        <span class="bad">{tJudges().failed(f().number(today().failed))}</span></Show>
      <Show when={notJudged(props.judge).length > 0}>
        <div class="quiet">{tJudges().notJudged}:{' '}
          {notJudged(props.judge).map(([reason, count]) =>
            `${tJudges().reasons[reason] ?? reason} ${f().number(count)}`).join(', ')}</div></Show>
    </>
  );
}

function List(props: {
  judges: Judge[]; onOpen: (judge: Judge) => void; onPublish: (judge: Judge) => void;
  onUnpublish: (judge: Judge) => void; onRemove: (judge: Judge) => void;
  trace: string; onRun: (judge: Judge) => void;
}): JSX.Element {
  const [sure, setSure] = createSignal(0);
  const removal = (judge: Judge) =>
    (sure() === judge.id ? tJudges().reallyRemove : tJudges().remove);
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={tJudges().title}>
      <table class="pairs cost-table" data-testid="judges">
        <thead><tr><th scope="col">{tJudges().name}</th><th scope="col">{tJudges().state}</th>
          <th scope="col">{tJudges().today}</th>
          <th scope="col"><span class="off-screen">{tJudges().actions}</span></th></tr></thead>
        <tbody>
          <For each={props.judges}>
            {(judge) => (
              <tr>
                <th scope="row"><bdi>{oneLine(judge.name)}</bdi>
                  <div class="quiet plain"><bdi>{oneLine(judge.draft.label)}</bdi></div></th>
                <td>{judge.version === null ? tJudges().draft
                  : tJudges().published(judge.version)}
                  <Show when={judge.version !== null && judge.changed}>
                    <div class="quiet">{tJudges().changed}</div></Show></td>
                <td><Today judge={judge} /></td>
                <td class="judge-buttons">
                  <button type="button" class="button" onClick={() => props.onOpen(judge)}
                    aria-label={`${tJudges().open} ${judge.name}`}>{tJudges().open}</button>{' '}
                  <Show when={judge.version === null || judge.changed}>
                    <button type="button" class="button" onClick={() => props.onPublish(judge)}
                      aria-label={`${tJudges().publish} ${judge.name}`}>
                      {tJudges().publish}</button>{' '}</Show>
                  <Show when={judge.version !== null && props.trace}>
                    <button type="button" class="button" onClick={() => props.onRun(judge)}
                      aria-label={`${tJudges().run} ${judge.name}`}>
                      {tJudges().run}</button>{' '}</Show>
                  <Show when={judge.version !== null}>
                    <button type="button" class="button" onClick={() => props.onUnpublish(judge)}
                      aria-label={`${tJudges().unpublish} ${judge.name}`}>
                      {tJudges().unpublish}</button>{' '}</Show>
                  <button type="button" class="link" onBlur={() => setSure(0)} onClick={() => {
                    if (sure() === judge.id) props.onRemove(judge);
                    setSure(sure() === judge.id ? 0 : judge.id);
                  }} aria-label={`${removal(judge)} ${judge.name}`}>{removal(judge)}</button>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

interface Edited { id: number; name: string; draft: Settings }

export default function JudgesPage(): JSX.Element {
  useTitle(() => tJudges().title);
  const [query, setQuery] = useSearchParams<{ trace?: string; span?: string }>();
  const [all, { refetch }] = createResource(() => judgesApi.all());
  const [edited, setEdited] = createSignal<Edited | null>(null);
  const [template, setTemplate] = createSignal('');
  const [said, setSaid] = createSignal('');
  const [bad, setBad] = createSignal(false);
  // `work` ends with what to say.
  const change = async (work: Promise<string>) => {
    try {
      setSaid(await work);
      setBad(false);
    } catch (error) {
      setSaid(problemWords(error));
      setBad(true);
    }
    void refetch();
  };
  const open = (judge: Judge) => {
    setSaid('');
    setEdited({ id: judge.id, name: judge.name, draft: structuredClone(judge.draft) });
  };
  const begin = () => {
    const from = latestOf(all)?.templates.find((one) => one.label === template());
    setSaid('');
    setEdited({ id: 0, name: '', draft: structuredClone(from ?? emptyDraft) });
  };
  const publish = async (judge: Judge) =>
    tJudges().madePublic((await judgesApi.publish(judge.id)).version);
  const run = async (judge: Judge) => {
    const done = await judgesApi.run(judge.id, query.trace ?? '');
    return done.queued > 0 ? tJudges().queued(done.queued, f().number(done.queued))
      : done.queue_full > 0 ? tJudges().queueFull : tJudges().nothingToJudge;
  };
  const unpublish = async (judge: Judge) => {
    await judgesApi.unpublish(judge.id);
    return tJudges().takenBack;
  };
  const remove = async (judge: Judge) => {
    await judgesApi.remove(judge.id);
    if (edited()?.id === judge.id) setEdited(null);
    return tJudges().removed;
  };
  const save = async () => {
    const now = edited();
    if (!now) return '';
    const draft = tidied(now.draft);
    const id = now.id || (await judgesApi.make(now.name, draft)).id;
    if (now.id) await judgesApi.edit(id, now.name, draft);
    setEdited({ id, name: now.name, draft });
    return tJudges().saved;
  };
  const patch = (part: Partial<Edited>) => {
    const now = edited();
    if (now) setEdited({ ...now, ...part });
  };
  return (
    <div class="page costs judges">
      <h1>{tJudges().title}</h1>
      <p class="quiet">{tJudges().intro}</p>
      <Show when={all.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={latestOf(all)} fallback={
        <Show when={!all.error}><div class="skeleton skeleton-page" /></Show>}>
        {(found) => (
          <>
            <Show when={found().deployments.length === 0}>
              <p class="judge-warning" data-testid="no-deployment">
                {tJudges().noDeployment}</p></Show>
            <Show when={found().judges.length > 0}
              fallback={<p class="empty">{tJudges().none}</p>}>
              <List judges={found().judges}
                onOpen={open} onPublish={(judge) => void change(publish(judge))}
                onUnpublish={(judge) => void change(unpublish(judge))}
                trace={query.trace ?? ''} onRun={(judge) => void change(run(judge))}
                onRemove={(judge) => void change(remove(judge))} />
            </Show>
            <Show when={found().waiting > 0}>
              <p class="quiet">
                {tJudges().waiting(found().waiting, f().number(found().waiting))}</p>
            </Show>
            <form class="cost-fields" data-testid="judge-begin"
              onSubmit={(event) => { event.preventDefault(); begin(); }}>
              <label>{tJudges().template}
                <select value={template()}
                  onChange={(event) => setTemplate(event.currentTarget.value)}>
                  <option value="">{tJudges().empty}</option>
                  <For each={found().templates}>
                    {(one) => <option value={one.label}>{one.label}</option>}</For>
                </select></label>
              <button type="submit" class="button">{tJudges().make}</button>
            </form>
            <p role="status" classList={{ bad: bad(), good: !bad() && said() !== '' }} dir="auto">
              {said()}</p>
            <Show when={edited()}>
              {(now) => (
                <section class="judge-editor">
                  <h2>{now().id ? tJudges().editJudge(oneLine(now().name))
                    : tJudges().newJudge}</h2>
                  <div class="judge-columns">
                    <JudgeForm name={now().name} draft={now().draft} variables={found().variables}
                      deployments={found().deployments} onName={(name) => patch({ name })}
                      onDraft={(draft) => patch({ draft })} onSave={() => void change(save())}
                      onClose={() => setEdited(null)} />
                    <JudgeTrial draft={() => tidied(now().draft)} trace={query.trace ?? ''}
                      span={query.span ?? ''}
                      onSpan={(trace, span) => setQuery({ trace, span }, { replace: true })} />
                  </div>
                </section>
              )}
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}
