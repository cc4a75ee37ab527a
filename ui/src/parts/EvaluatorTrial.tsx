// Evaluators tried on a text, and passes over what is stored.
import { createSignal, For, type JSX, Show } from 'solid-js';
import { wordsOf } from '../api/client';
import { evaluatorsApi, type Run, type Verdict } from '../api/evaluators';
import { f, t } from '../i18n';
import { oneLine, textOf } from '../lib/text';

export function EvaluatorTrial(): JSX.Element {
  const [input, setInput] = createSignal('');
  const [output, setOutput] = createSignal('');
  const [problem, setProblem] = createSignal('');
  const [said, setSaid] = createSignal<Verdict[] | null>(null);
  const run = async () => {
    setSaid(null);
    if (`${input()}${output()}`.trim() === '') {
      setProblem(t().evaluators.empty);
      return;
    }
    try {
      const answer = await evaluatorsApi.test(input(), output());
      setProblem('');
      setSaid(answer.verdicts);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  const passes = () => (said() ?? []).filter((one) => one.assessment === 'pass').length;
  const rest = () => (said() ?? []).filter((one) => one.assessment !== 'pass');
  return (
    <section data-testid="evaluator-test">
      <h2>{t().evaluators.test}</h2>
      <p class="quiet">{t().evaluators.testExplain}</p>
      <form onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <label class="redaction-text">{t().evaluators.input}
          <textarea name="input" rows="3" value={input()}
            onInput={(event) => setInput(event.currentTarget.value)} /></label>
        <label class="redaction-text">{t().evaluators.output}
          <textarea name="output" rows="3" value={output()}
            onInput={(event) => setOutput(event.currentTarget.value)} /></label>
        <button type="submit" class="button">{t().evaluators.tryIt}</button>
      </form>
      <div role="status" classList={{ bad: problem() !== '' }}>
        {problem()}
        <Show when={problem() === '' && said()}>
          <ul class="evaluator-verdicts" data-testid="verdicts">
            <For each={rest()}>
              {(one) => (
                <li>
                  <code>{one.evaluator}</code>{' '}
                  <small>{t().evaluators.names[one.evaluator] ?? ''}</small>{' '}
                  <strong classList={{ bad: one.assessment === 'fail' }}>
                    {one.assessment === 'fail' ? t().evaluators.fail : t().evaluators.says}</strong>
                  {one.assessment === '' ? ` ${oneLine(textOf(one.value))}` : ''}
                  {': '}<span lang="en" dir="auto">{one.reasoning}</span>
                </li>
              )}
            </For>
          </ul>
          <p class="quiet">{t().evaluators.passes(passes())}</p>
        </Show>
      </div>
    </section>
  );
}

export function Passes(props: {
  runs: Run[]; evaluators: string[]; said: string; bad: boolean;
  onBegin: (evaluator: string) => void; onCancel: (run: Run) => void;
}): JSX.Element {
  const [chosen, setChosen] = createSignal('');
  const open = (run: Run) => run.state === 'waiting' || run.state === 'running';
  return (
    <section data-testid="evaluator-runs">
      <h2>{t().evaluators.past}</h2>
      <p class="quiet">{t().evaluators.pastExplain}</p>
      <form class="cost-fields" onSubmit={(event) => {
        event.preventDefault();
        props.onBegin(chosen() || (props.evaluators[0] ?? ''));
      }}>
        <label>{t().evaluators.evaluator}
          <select name="evaluator" value={chosen()} onChange={(event) => setChosen(event.currentTarget.value)}>
            <For each={props.evaluators}>{(id) => <option value={id}>{id}</option>}</For>
          </select></label>
        <button type="submit" class="button">{t().evaluators.begin}</button>
      </form>
      <p role="status" classList={{ bad: props.bad, good: !props.bad && props.said !== '' }}
        dir="auto">{props.said}</p>
      <Show when={props.runs.length > 0}>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={t().evaluators.past}>
          <table class="pairs cost-table" data-testid="evaluator-passes">
            <thead><tr>
              <th scope="col">{t().evaluators.what}</th>
              <th scope="col">{t().evaluators.state}</th>
              <th scope="col">{t().evaluators.progress}</th>
              <th scope="col">{t().evaluators.failed}</th>
              <th scope="col"><span class="off-screen">{t().evaluators.stop}</span></th>
            </tr></thead>
            <tbody>
              <For each={props.runs}>
                {(run) => (
                  <tr>
                    <th scope="row"><code>{run.evaluator}</code>{' '}
                      <span class="quiet">{f().dateTime(Number(run.from_ns) / 1e6)} –{' '}
                        {f().dateTime(Number(run.to_ns) / 1e6)}</span></th>
                    <td>{t().evaluators.states[run.state]}
                      <Show when={run.problem}>
                        {(words) => <>{' '}<span class="bad" dir="auto">{oneLine(words())}</span></>}
                      </Show></td>
                    <td class="num"><progress class="evaluator-progress" value={run.seen}
                      max={Math.max(1, run.spans)} aria-label={t().evaluators.progress} />{' '}
                      {t().evaluators.progressWords(
                        f().number(run.seen), f().number(run.spans))}</td>
                    <td class="num">{f().number(run.failed)}</td>
                    <td><Show when={open(run)}>
                      <button type="button" class="link" onClick={() => { props.onCancel(run); }}
                        aria-label={`${t().evaluators.stop}: ${run.evaluator}`}>
                        {t().evaluators.cancel}</button></Show></td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
    </section>
  );
}
