// A draft asked about one span: what was sent, what came back, what it cost.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { api } from '../api/client';
import { judgesApi, type Settings, type Trial } from '../api/judges';
import { tCost } from '../i18n/cost';
import { tJudges } from '../i18n/judges';
import { f } from '../i18n/language';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { costWords } from './Cost';
import { problemWords } from './Notice';

const recentSpans = 30;

function Shown(props: { trial: Trial }): JSX.Element {
  const value = () => {
    const said = props.trial.verdict?.value;
    return typeof said === 'string' ? said : JSON.stringify(said);
  };
  return (
    <div data-testid="judge-trial-answer">
      <Show when={props.trial.problem}>
        {(problem) => <p class="bad"><strong>{tJudges().problem}:</strong>{' '}
          {tJudges().reasons[problem().kind] ?? problem().kind}. <bdi>{problem().words}</bdi></p>}
      </Show>
      <Show when={props.trial.verdict}>
        {(verdict) => (
          <dl class="judge-verdict">
            <dt>{tJudges().verdict}</dt>
            <dd><strong><bdi>{value()}</bdi></strong>{' '}
              <Show when={verdict().assessment}>
                {(assessment) => <span class={assessment() === 'pass' ? 'good' : 'bad'}>
                  {tJudges()[assessment()]}</span>}
              </Show></dd>
            <Show when={verdict().reasoning}>
              <dt>{tJudges().why}</dt><dd dir="auto">{verdict().reasoning}</dd></Show>
          </dl>
        )}
      </Show>
      <p class="quiet num">{oneLine(props.trial.model ?? props.trial.deployment)}:{' '}
        {tJudges().used(
          f().number(props.trial.input_tokens), f().number(props.trial.output_tokens),
          f().duration(props.trial.duration_ns))},{' '}
        {props.trial.cost.usd === null ? costWords(tCost(), props.trial.cost)
          : f().cost(props.trial.cost.usd)}</p>
      <Show when={props.trial.sent?.messages}>
        {(messages) => (
          <details><summary>{tJudges().sent}</summary>
            <For each={messages()}>
              {(message) => <><h4>{message.role}</h4>
                <pre tabIndex={0} dir="auto">{message.content}</pre></>}
            </For></details>
        )}
      </Show>
      <Show when={props.trial.said}>
        {(said) => <details><summary>{tJudges().said}</summary>
          <pre tabIndex={0} dir="auto">{said()}</pre></details>}
      </Show>
      <Show when={props.trial.trace_id}>
        {(id) => <p><A href={`/traces/${id()}`}>{tJudges().ownTrace}</A></p>}
      </Show>
    </div>
  );
}

export function JudgeTrial(props: {
  draft: () => Settings; trace: string; span: string; onSpan: (trace: string, span: string) => void;
}): JSX.Element {
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal('');
  const [trial, setTrial] = createSignal<Trial | null>(null);
  const [recent] = createResource(async () => {
    const query = new URLSearchParams({
      from: 'now-7d', to: 'now', limit: String(recentSpans), kind: 'llm',
      ml_app: '-catalejo-judge',
    });
    return (await api.rows('spans', query)).rows;
  });
  const run = async () => {
    setBusy(true);
    setProblem('');
    try {
      setTrial(await judgesApi.tryOut(props.draft(), props.trace, props.span));
    } catch (error) {
      setTrial(null);
      setProblem(problemWords(error));
    }
    setBusy(false);
  };
  return (
    <section data-testid="judge-trial" class="judge-trial">
      <h3>{tJudges().test}</h3>
      <p class="quiet">{tJudges().testHint}</p>
      <form onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <label class="judge-wide">{tJudges().recent}
          <select name="recent" onChange={(event) => {
            const [trace = '', span = ''] = event.currentTarget.value.split(' ');
            props.onSpan(trace, span);
          }}>
            <option value="">{tJudges().pick}</option>
            <For each={latestOf(recent) ?? []}>
              {(row) => <option value={`${row.trace_id} ${row.span_id}`}
                selected={row.span_id === props.span}>
                {oneLine(`${row.ml_app ?? ''} · ${row.input ?? row.name}`).slice(0, 80)}</option>}
            </For>
          </select></label>
        <div class="cost-fields">
          <label>{tJudges().trace}<input name="trace" required class="code" value={props.trace}
            onInput={(event) => props.onSpan(event.currentTarget.value.trim(), props.span)} />
          </label>
          <label>{tJudges().span}<input name="span" required class="code" value={props.span}
            onInput={(event) => props.onSpan(props.trace, event.currentTarget.value.trim())} />
          </label>
          <button type="submit" class="primary" disabled={busy()}>
            {busy() ? tJudges().asking : tJudges().tryIt}</button>
        </div>
      </form>
      <div role="status">
        <Show when={problem()}><p class="bad">{problem()}</p></Show>
        <Show when={trial()}>{(shown) => <Shown trial={shown()} />}</Show>
      </div>
    </section>
  );
}
