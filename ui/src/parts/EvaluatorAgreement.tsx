// Where people judged under an evaluator's name: how often both say the same, and where not.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { AgreementLine, Difference } from '../api/evaluators';
import { tEvaluators } from '../i18n/evaluators';
import { f } from '../i18n/language';
import { coefficient, share } from '../lib/figures';

const href = (one: Difference) =>
  `/traces/${one.trace_id}?full=1${one.span_id ? `&span=${one.span_id}` : ''}`;

function Differences(props: { line: AgreementLine }): JSX.Element {
  const words = () => tEvaluators().people;
  return (
    <details class="section" data-testid="people-differ">
      <summary><h3><code>{props.line.evaluator}</code>: {words().differ(
        f().number(props.line.only_people + props.line.only_evaluator))}</h3></summary>
      <ul class="dataset-versions">
        <For each={props.line.differences}>
          {(one) => (
            <li><A class="link" href={href(one)}>{one.span_id ? words().span : words().trace}{' '}
              <bdi class="mono">{one.span_id ?? one.trace_id}</bdi></A>{' '}
              <span class="chip">
                {one.people === 'fail' ? words().onlyPeople : words().onlyEvaluator}</span></li>
          )}
        </For>
      </ul>
    </details>
  );
}

export function EvaluatorAgreement(props: { lines: AgreementLine[] }): JSX.Element {
  const words = () => tEvaluators().people;
  return (
    <section>
      <h2>{words().title}</h2>
      <Show when={props.lines.length > 0} fallback={<p class="quiet">{words().none}</p>}>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
          <table class="pairs cost-table" data-testid="people-agree">
            <thead><tr>
              <th scope="col">{tEvaluators().evaluator}</th>
              <th scope="col">{words().bothFail}</th>
              <th scope="col">{words().onlyEvaluator}</th>
              <th scope="col">{words().onlyPeople}</th>
              <th scope="col">{words().bothPass}</th>
              <th scope="col">{words().notJudged}</th>
              <th scope="col">{words().precision}</th>
              <th scope="col">{words().recall}</th>
              <th scope="col">{words().kappa}</th>
            </tr></thead>
            <tbody>
              <For each={props.lines}>
                {(line) => (
                  <tr>
                    <th scope="row"><code>{line.evaluator}</code></th>
                    <td class="num">{f().number(line.both_fail)}</td>
                    <td class="num">{f().number(line.only_evaluator)}</td>
                    <td class="num">{f().number(line.only_people)}</td>
                    <td class="num">{f().number(line.both_pass)}</td>
                    <td class="num">{f().number(line.not_judged)}</td>
                    <td class="num">{share(line.precision)}</td>
                    <td class="num">{share(line.recall)}</td>
                    <td class="num">{coefficient(line.kappa)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
        <For each={props.lines.filter((line) => line.differences.length > 0)}>
          {(line) => <Differences line={line} />}</For>
      </Show>
    </section>
  );
}
