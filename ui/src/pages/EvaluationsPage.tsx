// Are answers good and safe? What evaluators found, by application; how they are set; a text and
// the past to try them on.
import { A } from '@solidjs/router';
import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import {
  type CountsLine, type Engine, type Evaluator, evaluatorsApi, type Settings,
} from '../api/evaluators';
import { tEvaluators } from '../i18n/evaluators';
import { tCommon } from '../i18n/shell';
import { usePeriod } from '../lib/address';
import { createFresh, every } from '../lib/fresh';
import { appsOf, byFailures, failedHref, lineId, switched } from '../lib/judged';
import { useTitle } from '../lib/title';
import { requestOf } from '../lib/url_state';
import {
  CountsSentence, CountsTable, EngineStatus, type Shown,
} from '../parts/EvaluationCounts';
import { EvaluatorAgreement } from '../parts/EvaluatorAgreement';
import { EvaluatorForm, EvaluatorTable } from '../parts/EvaluatorSettings';
import { EvaluatorTrial, Passes } from '../parts/EvaluatorTrial';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';

const refreshMs = 5_000;

interface Said { words: string; bad: boolean }
const nothing: Said = { words: '', bad: false };

// Says how it went, and whether it went well.
async function attempt(
  work: Promise<unknown>, words: string, say: (said: Said) => void,
): Promise<boolean> {
  try {
    await work;
    say({ words, bad: false });
    return true;
  } catch (error) {
    say({ words: problemWords(error), bad: true });
    return false;
  }
}

function SettingsSection(props: {
  all: { engine: Engine; evaluators: Evaluator[] } | null; onChanged: () => void;
}): JSX.Element {
  const [changing, setChanging] = createSignal<Evaluator | null>(null);
  const [history, setHistory] = createSignal<Settings[] | null>(null);
  const [said, setSaid] = createSignal(nothing);
  let opener: Element | null = null;
  const open = async (evaluator: Evaluator) => {
    opener = document.activeElement;
    setHistory(null);
    setSaid(nothing);
    setChanging(evaluator);
    try {
      const found = await evaluatorsApi.history(evaluator.id);
      if (changing()?.id === evaluator.id) setHistory(found.history);
    } catch (error) {
      setSaid({ words: problemWords(error), bad: true });
    }
  };
  const close = () => {
    setChanging(null);
    if (opener instanceof HTMLElement) opener.focus();
  };
  const save = async (id: string, body: Record<string, unknown>) => {
    const put = evaluatorsApi.put(id, body);
    const done = await attempt(put, tEvaluators().saved, setSaid);
    props.onChanged();
    if (done && changing()?.id === id) close();
  };
  return (
    <section>
      <h2>{tEvaluators().settings}</h2>
      <Show when={props.all?.engine}>{(engine) => <EngineStatus engine={engine()} />}</Show>
      <EvaluatorTable evaluators={props.all?.evaluators ?? []} onChange={(one) => void open(one)}
        onToggle={(one) => void save(one.id, switched(one))} />
      <Show when={changing()} keyed>
        {(one) => (
          <EvaluatorForm evaluator={one} history={history()} onCancel={close}
            onSave={(body) => void save(one.id, body)} />
        )}
      </Show>
      <p role="status" data-testid="settings-said" dir="auto" classList={{
        bad: said().bad, good: !said().bad && said().words !== '',
      }}>{said().words}</p>
    </section>
  );
}

export default function EvaluationsPage(): JSX.Element {
  useTitle(() => tEvaluators().title);
  const { text, setQuery, state, range } = usePeriod();
  const all = createFresh(evaluatorsApi.all);
  const runs = createFresh(evaluatorsApi.runs);
  const asked = (times: ReturnType<typeof range>) => {
    const request = requestOf(state(), times);
    request.delete('view');
    return request;
  };
  const counts = createFresh(async (): Promise<Shown> => {
    const times = range();
    const found = await evaluatorsApi.counts(asked(times));
    return {
      lines: found.lines.map((line) => ({ ...line, id: lineId(line) })),
      stepMs: found.interval_ms, ...times,
    };
  });
  const people = createFresh(async () => {
    const request = asked(range());
    if (text('ml_app')) request.set('ml_app', text('ml_app'));
    const found = await evaluatorsApi.agreement(request);
    return { lines: found.lines.map((line) => ({ ...line, id: line.evaluator })) };
  });
  const again = () => {
    for (const one of [all, runs, counts]) void one.again();
  };
  createEffect(on([key, () => text('from'), () => text('to')], again));
  const everything = () => { again(); void people.again(); };
  // Not again and again: people judge seldom, and it reads all evaluations of what they judged.
  createEffect(on([key, () => text('from'), () => text('to'), () => text('ml_app')],
    () => { void people.again(); }));
  every(refreshMs, again);

  const lines = (shown: Shown) => byFailures(shown.lines)
    .filter((line) => text('ml_app') === '' || line.app === text('ml_app'));
  const address = (line: CountsLine) => failedHref(line, state());
  const evaluators = () => all.value()?.evaluators ?? [];
  const problem = () => (all.problem() ?? counts.problem() ?? runs.problem()
    ?? people.problem()) as Problem | null;

  const [passSaid, setPassSaid] = createSignal(nothing);
  const pass = (work: Promise<unknown>, words: string) =>
    void attempt(work, words, setPassSaid).then(() => runs.again());
  const begin = (evaluator: string) => {
    pass(evaluatorsApi.begin({
      evaluator, from: String(Math.floor(range().fromMs)), to: String(Math.ceil(range().toMs)),
    }), tEvaluators().begun);
  };

  return (
    <div class="page costs redaction evaluations-page">
      <h1>{tEvaluators().title}</h1>
      <p class="quiet">{tEvaluators().intro}</p>
      <Show when={problem()}>
        {(what) => <ProblemNotice problem={what()} onRetry={everything} />}
      </Show>
      <section>
        <h2>{tEvaluators().overview}</h2>
        <div class="cost-tools">
          <TimeRange state={state()} range={range()}
            onRange={(from, to) => setQuery({ from, to })} />
          <label>{tEvaluators().app}{' '}
            <select name="ml_app" value={text('ml_app')}
              onChange={(event) => setQuery({ ml_app: event.currentTarget.value || null })}>
              <option value="">{tEvaluators().allApps}</option>
              <For each={appsOf(counts.value()?.lines ?? [], text('ml_app'))}>
                {(app) => <option value={app} selected={app === text('ml_app')}>{app}</option>}
              </For>
            </select></label>
        </div>
        <Show when={counts.value()} fallback={
          <Show when={!problem()}><div class="skeleton skeleton-page" /></Show>}>
          {(shown) => (
            <Show when={lines(shown()).length > 0} fallback={
              <p class="empty" data-testid="evaluations-empty">{tEvaluators().none}{' '}
                {tEvaluators().noneHint}{' '}
                <A href="/connect">{tCommon().connect}</A>.</p>}>
              <CountsSentence lines={lines(shown())} address={address} />
              <CountsTable shown={{ ...shown(), lines: lines(shown()) }} address={address} />
            </Show>
          )}
        </Show>
      </section>
      <Show when={people.value()}>
        {(found) => <EvaluatorAgreement lines={found().lines} />}
      </Show>
      <EvaluatorTrial />
      <SettingsSection all={all.value()} onChanged={everything} />
      <Passes runs={runs.value()?.runs ?? []} said={passSaid().words} bad={passSaid().bad}
        evaluators={evaluators().map((one) => one.id)} onBegin={begin}
        onCancel={(run) => { pass(evaluatorsApi.cancel(run.id), tEvaluators().cancelled); }} />
    </div>
  );
}
