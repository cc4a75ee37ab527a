// How each evaluator is set, what it did since the start, and the form that changes it.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { Evaluator } from '../api/evaluators';
import { f, t } from '../i18n';

// What the server takes; what is left out has its default again.
export function bodyOf(evaluator: Evaluator): Record<string, unknown> {
  const { enabled, threshold, sampling, query, keep_passes } = evaluator.settings;
  return { enabled, sampling, query, keep_passes, ...(threshold === null ? {} : { threshold }) };
}

function leftOut(evaluator: Evaluator): string {
  return Object.entries(evaluator.skipped)
    .map(([reason, spans]) =>
      `${f().number(spans)} ${t().evaluators.reasons[reason] ?? reason}`)
    .join(', ');
}

export function EvaluatorTable(props: {
  evaluators: Evaluator[]; onToggle: (evaluator: Evaluator) => void;
  onChange: (evaluator: Evaluator) => void;
}): JSX.Element {
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={t().evaluators.settings}>
      <table class="pairs cost-table" data-testid="evaluators">
        <thead><tr>
          <th scope="col">{t().evaluators.evaluator}</th>
          <th scope="col">{t().evaluators.state}</th>
          <th scope="col">{t().evaluators.query}</th>
          <th scope="col">{t().evaluators.judged}</th>
          <th scope="col">{t().evaluators.seconds}</th>
          <th scope="col">{t().evaluators.left}</th>
          <th scope="col"><span class="off-screen">{t().evaluators.change}</span></th>
        </tr></thead>
        <tbody>
          <For each={props.evaluators}>
            {(one) => (
              <tr>
                <th scope="row"><code>{one.id}</code>{' '}
                  <span class="quiet">{t().evaluators.version(one.version)}</span></th>
                <td>{one.settings.enabled ? t().evaluators.on : t().evaluators.isOff}
                  <Show when={one.settings.sampling < 1}>
                    {' '}({f().percent(one.settings.sampling)})</Show></td>
                <td dir="auto">{one.settings.query || t().evaluators.everything}</td>
                <td class="num">{f().number(one.judged)}</td>
                <td class="num">{f().number(Math.round(one.seconds * 100) / 100)}</td>
                <td>{leftOut(one)}</td>
                <td class="redaction-buttons">
                  <button type="button" class="button" onClick={() => { props.onToggle(one); }}
                    aria-label={`${one.settings.enabled ? t().evaluators.turnOff
                      : t().evaluators.turnOn} ${one.id}`}>
                    {one.settings.enabled ? t().evaluators.turnOff : t().evaluators.turnOn}
                  </button>{' '}
                  <button type="button" class="button" onClick={() => { props.onChange(one); }}
                    aria-label={`${t().evaluators.change} ${one.id}`}>
                    {t().evaluators.change}</button>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

export function EvaluatorForm(props: {
  evaluator: Evaluator; onSave: (body: Record<string, unknown>) => void; onCancel: () => void;
}): JSX.Element {
  /* eslint-disable solid/reactivity -- a form starts from what it was opened with */
  const [sampling, setSampling] = createSignal(props.evaluator.settings.sampling * 100);
  const [query, setQuery] = createSignal(props.evaluator.settings.query);
  const [threshold, setThreshold] =
    createSignal(props.evaluator.settings.threshold?.toString() ?? '');
  const [keep, setKeep] = createSignal(props.evaluator.settings.keep_passes);
  /* eslint-enable solid/reactivity */
  const body = () => ({
    enabled: props.evaluator.settings.enabled, sampling: sampling() / 100, query: query(),
    keep_passes: keep(), ...(threshold() === '' ? {} : { threshold: Number(threshold()) }),
  });
  return (
    <form data-testid="evaluator-form"
      onSubmit={(event) => { event.preventDefault(); props.onSave(body()); }}>
      <h3>{t().evaluators.changing(props.evaluator.id)}</h3>
      <div class="cost-fields">
        <label>{t().evaluators.sampling}
          <input name="sampling" type="number" min="0" max="100" step="any" required
            value={sampling()}
            onInput={(event) => setSampling(Number(event.currentTarget.value))} /></label>
        <label>{t().evaluators.query}
          <input name="query" class="code" value={query()} spellcheck={false}
            placeholder={t().evaluators.everything}
            onInput={(event) => setQuery(event.currentTarget.value)} /></label>
        <Show when={props.evaluator.own_threshold !== null}>
          <label>{t().evaluators.threshold}
            <input name="threshold" type="number" step="any" value={threshold()}
              placeholder={t().evaluators.own(f().number(props.evaluator.own_threshold ?? 0))}
              onInput={(event) => setThreshold(event.currentTarget.value)} /></label>
        </Show>
        <label class="redaction-draft">
          <input type="checkbox" checked={keep()}
            onChange={(event) => setKeep(event.currentTarget.checked)} />
          {' '}{t().evaluators.keepPasses}</label>
        <button type="submit" class="primary">{t().evaluators.save}</button>
        <button type="button" class="button" onClick={() => { props.onCancel(); }}>
          {t().evaluators.cancel}</button>
      </div>
    </form>
  );
}
