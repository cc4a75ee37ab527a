// How each evaluator is set, what it did since the start, and the form that changes it.
import { createSignal, For, type JSX, onMount, Show } from 'solid-js';
import type { Evaluator, Settings } from '../api/evaluators';
import { tEvaluators } from '../i18n/evaluators';
import { f } from '../i18n/language';
import { bodyOf, fieldsOf } from '../lib/judged';
import { oneLine } from '../lib/text';
import { EvaluatorName } from './EvaluationCounts';

const leftOut = (evaluator: Evaluator): string => Object.entries(evaluator.skipped)
  .map(([reason, spans]) => `${f().number(spans)} ${tEvaluators().reasons[reason] ?? reason}`)
  .join(', ');

const stateWords = (settings: Settings, { fails_below: below, scope }: Evaluator): string => [
  settings.enabled ? tEvaluators().on : tEvaluators().isOff,
  ...(scope === 'span' ? [] : [tEvaluators().scopes[scope]]),
  ...(settings.sampling < 1 ? [f().percent(settings.sampling)] : []),
  ...(settings.threshold === null ? [] : [`${below ? '<' : '≥'} ${f().number(settings.threshold)}`]),
  ...(settings.keep_passes ? [tEvaluators().keeps] : []),
].join(' · ');

export function EvaluatorTable(props: {
  evaluators: Evaluator[]; onToggle: (evaluator: Evaluator) => void;
  onChange: (evaluator: Evaluator) => void;
}): JSX.Element {
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEvaluators().settings}>
      <table class="pairs cost-table" data-testid="evaluators">
        <thead><tr>
          <th scope="col">{tEvaluators().evaluator}</th>
          <th scope="col">{tEvaluators().state}</th>
          <th scope="col"><span class="off-screen">{tEvaluators().change}</span></th>
          <th scope="col">{tEvaluators().query}</th>
          <th scope="col">{tEvaluators().judged}</th>
          <th scope="col">{tEvaluators().seconds}</th>
          <th scope="col">{tEvaluators().left}</th>
        </tr></thead>
        <tbody>
          <For each={props.evaluators}>
            {(one) => (
              <tr>
                <th scope="row"><EvaluatorName id={one.id} version={one.version} /></th>
                <td>{one.asks_for && !one.settings.options ? tEvaluators().needsList
                  : stateWords(one.settings, one)}</td>
                <td class="redaction-buttons">
                  <button type="button" class="button" onClick={() => { props.onToggle(one); }}
                    aria-label={`${one.settings.enabled ? tEvaluators().turnOff
                      : tEvaluators().turnOn} ${one.id}`}>
                    {one.settings.enabled ? tEvaluators().turnOff : tEvaluators().turnOn}
                  </button>{' '}
                  <button type="button" class="button" onClick={() => { props.onChange(one); }}
                    aria-label={`${tEvaluators().change} ${one.id}`}>
                    {tEvaluators().change}</button>
                </td>
                <td class="evaluator-query">
                  <Show when={one.settings.query} fallback={tEvaluators().everything}>
                    <code dir="auto">{oneLine(one.settings.query)}</code></Show></td>
                <td class="num">{f().number(one.judged)}</td>
                <td class="num">{f().number(Math.round(one.seconds * 100) / 100)}</td>
                <td>{leftOut(one)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function History(props: { history: Settings[]; evaluator: Evaluator }): JSX.Element {
  return (
    <Show when={props.history.length > 0}
      fallback={<p class="quiet">{tEvaluators().noHistory}</p>}>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEvaluators().history}>
        <table class="pairs cost-table" data-testid="evaluator-history">
          <thead><tr>
            <th scope="col">{tEvaluators().when}</th>
            <th scope="col">{tEvaluators().who}</th>
            <th scope="col">{tEvaluators().setTo}</th>
            <th scope="col">{tEvaluators().query}</th>
          </tr></thead>
          <tbody>
            <For each={props.history}>
              {(one) => (
                <tr>
                  <td class="num">{one.changed ? f().dateTime(Date.parse(one.changed)) : ''}</td>
                  <td><bdi>{oneLine(one.author ?? '') || tEvaluators().somebody}</bdi></td>
                  <td>{stateWords(one, props.evaluator)}</td>
                  <td class="evaluator-query">
                    <Show when={one.query} fallback={tEvaluators().everything}>
                      <code dir="auto">{oneLine(one.query)}</code></Show></td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

export function EvaluatorForm(props: {
  evaluator: Evaluator; history: Settings[] | null;
  onSave: (body: Record<string, unknown>) => void; onCancel: () => void;
}): JSX.Element {
  // eslint-disable-next-line solid/reactivity -- a form starts from what it was opened with
  const [fields, setFields] = createSignal(fieldsOf(props.evaluator.settings));
  const set = (part: Partial<ReturnType<typeof fields>>) => setFields({ ...fields(), ...part });
  let first!: HTMLInputElement;
  onMount(() => { first.focus(); });
  return (
    <form data-testid="evaluator-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSave(bodyOf(props.evaluator.settings.enabled, fields(), props.evaluator.asks_for));
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onCancel();
      }}>
      <h3>{tEvaluators().changing(props.evaluator.id)}</h3>
      <div class="cost-fields">
        <label>{props.evaluator.scope === 'session' ? tEvaluators().samplingOfSessions
          : tEvaluators().sampling}
          <input ref={first} name="sampling" type="number" min="0" max="100" step="any" required
            value={fields().sampling}
            onInput={(event) => set({ sampling: Number(event.currentTarget.value) })} /></label>
        <label>{tEvaluators().query}
          <input name="query" class="code" value={fields().query} spellcheck={false}
            placeholder={tEvaluators().everything}
            onInput={(event) => set({ query: event.currentTarget.value })} /></label>
        <Show when={props.evaluator.own_threshold !== null}>
          <label>{props.evaluator.fails_below ? tEvaluators().below : tEvaluators().threshold}
            <input name="threshold" type="number" step="any" value={fields().threshold}
              placeholder={tEvaluators().own(f().number(props.evaluator.own_threshold ?? 0))}
              onInput={(event) => set({ threshold: event.currentTarget.value })} /></label>
        </Show>
        <Show when={props.evaluator.asks_for}>{(asks) => (
          <label>{tEvaluators().lists[asks()]}
            <textarea name="list" class="code" rows="4" spellcheck={false} value={fields().list}
              onInput={(event) => set({ list: event.currentTarget.value })} /></label>)}
        </Show>
        <Show when={props.evaluator.scope === 'span'}>
          <label class="redaction-draft">
            <input type="checkbox" checked={fields().keep}
              onChange={(event) => set({ keep: event.currentTarget.checked })} />
            {' '}{tEvaluators().keepPasses}</label>
        </Show>
        <button type="submit" class="primary">{tEvaluators().save}</button>
        <button type="button" class="button" onClick={() => { props.onCancel(); }}>
          {tEvaluators().cancel}</button>
      </div>
      <h3>{tEvaluators().history}</h3>
      <Show when={props.history}>{(history) => (
        <History history={history()} evaluator={props.evaluator} />)}</Show>
    </form>
  );
}
