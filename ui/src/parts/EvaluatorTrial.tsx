// Evaluators tried on a text, and passes over what is stored.
import { createSignal, For, type JSX, Show } from 'solid-js';
import { evaluatorsApi, type Run, type Verdict } from '../api/evaluators';
import { tEvaluators } from '../i18n/evaluators';
import { f } from '../i18n/language';
import { oneLine, textOf } from '../lib/text';
import { problemWords } from './Notice';

export function EvaluatorTrial(): JSX.Element {
  const [input, setInput] = createSignal('');
  const [output, setOutput] = createSignal('');
  const [problem, setProblem] = createSignal('');
  const [said, setSaid] = createSignal<Verdict[] | null>(null);
  const run = async () => {
    setSaid(null);
    if (`${input()}${output()}`.trim() === '') {
      setProblem(tEvaluators().empty);
      return;
    }
    try {
      const answer = await evaluatorsApi.test(input(), output());
      setProblem('');
      setSaid(answer.verdicts);
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  const passes = () => (said() ?? []).filter((one) => one.assessment === 'pass').length;
  const rest = () => (said() ?? []).filter((one) => one.assessment !== 'pass');
  return (
    <section data-testid="evaluator-test">
      <h2>{tEvaluators().test}</h2>
      <p class="quiet">{tEvaluators().testExplain}</p>
      <form onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <label class="redaction-text">{tEvaluators().input}
          <textarea name="input" rows="3" value={input()}
            onInput={(event) => setInput(event.currentTarget.value)} /></label>
        <label class="redaction-text">{tEvaluators().output}
          <textarea name="output" rows="3" value={output()}
            onInput={(event) => setOutput(event.currentTarget.value)} /></label>
        <button type="submit" class="button">{tEvaluators().tryIt}</button>
      </form>
      <div role="status" classList={{ bad: problem() !== '' }}>
        {problem()}
        <Show when={problem() === '' && said()}>
          <ul class="evaluator-verdicts" data-testid="verdicts">
            <For each={rest()}>
              {(one) => (
                <li>
                  <code>{one.evaluator}</code>{' '}
                  <small>{tEvaluators().names[one.evaluator] ?? ''}</small>{' '}
                  <strong classList={{ bad: one.assessment === 'fail' }}>
                    {one.assessment === 'fail' ? tEvaluators().fail : tEvaluators().says}</strong>
                  {one.assessment === '' ? ` ${oneLine(textOf(one.value))}` : ''}
                  {': '}<span lang="en" dir="auto">{one.reasoning}</span>
                </li>
              )}
            </For>
          </ul>
          <p class="quiet">{tEvaluators().passes(passes())}</p>
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
      <h2>{tEvaluators().past}</h2>
      <p class="quiet">{tEvaluators().pastExplain}</p>
      <form class="cost-fields" onSubmit={(event) => {
        event.preventDefault();
        props.onBegin(chosen() || (props.evaluators[0] ?? ''));
      }}>
        <label>{tEvaluators().evaluator}
          <select name="evaluator" value={chosen()} onChange={(event) => setChosen(event.currentTarget.value)}>
            <For each={props.evaluators}>{(id) => <option value={id}>{id}</option>}</For>
          </select></label>
        <button type="submit" class="button">{tEvaluators().begin}</button>
      </form>
      <p role="status" classList={{ bad: props.bad, good: !props.bad && props.said !== '' }}
        dir="auto">{props.said}</p>
      <Show when={props.runs.length > 0}>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEvaluators().past}>
          <table class="pairs cost-table" data-testid="evaluator-passes">
            <thead><tr>
              <th scope="col">{tEvaluators().what}</th>
              <th scope="col">{tEvaluators().state}</th>
              <th scope="col">{tEvaluators().progress}</th>
              <th scope="col">{tEvaluators().failed}</th>
              <th scope="col"><span class="off-screen">{tEvaluators().stop}</span></th>
            </tr></thead>
            <tbody>
              <For each={props.runs}>
                {(run) => (
                  <tr>
                    <th scope="row"><code>{run.evaluator}</code>{' '}
                      <span class="quiet">{f().dateTime(Number(run.from_ns) / 1e6)} –{' '}
                        {f().dateTime(Number(run.to_ns) / 1e6)}</span></th>
                    <td>{tEvaluators().states[run.state]}
                      <Show when={run.problem}>
                        {(words) => <>{' '}<span class="bad" dir="auto">{oneLine(words())}</span></>}
                      </Show></td>
                    <td class="num"><progress class="evaluator-progress" value={run.seen}
                      max={Math.max(1, run.spans)} aria-label={tEvaluators().progress} />{' '}
                      {tEvaluators().progressWords(
                        f().number(run.seen), f().number(run.spans))}</td>
                    <td class="num">{f().number(run.failed)}</td>
                    <td><Show when={open(run)}>
                      <button type="button" class="link" onClick={() => { props.onCancel(run); }}
                        aria-label={`${tEvaluators().stop}: ${run.evaluator}`}>
                        {tEvaluators().cancel}</button></Show></td>
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
