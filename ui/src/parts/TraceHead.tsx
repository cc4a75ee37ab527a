// What a trace is, above its spans: verdict, totals, evaluations, what is wrong with it.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { Evaluation, Trace } from '../api/types';
import { f, t } from '../i18n';
import { msOfNs } from '../lib/format';
import { oneLine } from '../lib/text';
import type { Verdict } from '../lib/verdict';
import { verdictWords } from '../lib/verdict_words';
import { sumText, sumWords } from './Cost';
import { evaluationTone, evaluationValue } from './Evaluations';
import { Icon } from './Icons';

export function TraceHead(props: {
  trace: Trace; verdict: Verdict | undefined; onSelect: (id: string) => void;
}): JSX.Element {
  const totals = () => props.trace.totals;
  const words = createMemo(() => props.verdict
    ? verdictWords(t(), f(), props.verdict, props.trace.duration_ns) : []);
  const figures = (): [string, string, (string | undefined)?][] => [
    [t().trace.duration, f().duration(props.trace.duration_ns)],
    [t().trace.llmCalls, f().number(totals().llm_calls)],
    [t().trace.spans, f().number(props.trace.total_spans)],
    [t().trace.tokens, totals().total_tokens === null ? '—' : f().number(totals().total_tokens ?? 0),
      totals().total_tokens === null ? t().list.tokensUnknown
        : t().list.tokensInOut(f().number(totals().input_tokens ?? 0),
          f().number(totals().output_tokens ?? 0))],
    [t().trace.cost, sumText(totals().cost), sumWords(t().cost, totals().cost)],
    [t().trace.started, f().dateTime(msOfNs(props.trace.start_ns))],
    [t().trace.services, props.trace.services.map(oneLine).join(', ')],
  ];
  const notes = () => props.trace.notes.map((note) =>
    Object.hasOwn(t().trace.notes, note)
      ? t().trace.notes[note as keyof ReturnType<typeof t>['trace']['notes']] : note);
  return (
    <header class="trace-head">
      <p class={`verdict ${props.verdict?.tone ?? ''}`} data-testid="verdict" dir="auto">
        <Icon name={props.verdict?.tone === 'ok' ? 'ok'
          : props.verdict?.tone === 'warn' ? 'warn' : 'error'} />
        <span>{words()[0]} <span class="verdict-more">{words().slice(1).join(' ')}</span></span>
      </p>
      <dl class="figures">
        <For each={figures().filter((x) => x[1] !== '')}>
          {([name, value, why]) => (
            <div title={why}><dt>{name}</dt><dd class="num">{value}</dd></div>
          )}
        </For>
      </dl>
      <Show when={props.trace.evaluations.length > 0}>
        <EvaluationChips evaluations={props.trace.evaluations} onSelect={props.onSelect} />
      </Show>
      <For each={notes()}>{(note) => <p class="caution">{note}</p>}</For>
    </header>
  );
}

const chipsMax = 12;

function EvaluationChips(props: {
  evaluations: Evaluation[]; onSelect: (id: string) => void;
}): JSX.Element {
  const [all, setAll] = createSignal(false);
  const shown = () => (all() ? props.evaluations : props.evaluations.slice(0, chipsMax));
  return (
    <ul class="chips" aria-label={t().trace.evaluations}>
      <For each={shown()}>
        {(evaluation) => (
          <li>
            <button type="button" class={`chip evaluation ${evaluationTone(evaluation)}`}
              onClick={() => { if (evaluation.span_id) props.onSelect(evaluation.span_id); }}>
              <Icon name={evaluationTone(evaluation) === 'bad' ? 'error'
                : evaluationTone(evaluation) === 'good' ? 'ok' : 'task'} />
              <bdi>{oneLine(evaluation.label)}: {evaluationValue(evaluation)}</bdi>
            </button>
          </li>
        )}
      </For>
      <Show when={!all() && props.evaluations.length > chipsMax}>
        <li><button type="button" class="link" onClick={() => setAll(true)}>
          +{f().number(props.evaluations.length - chipsMax)}</button></li>
      </Show>
    </ul>
  );
}

export function TraceSkeleton(): JSX.Element {
  return (
    <div aria-hidden="true" class="trace-skeleton">
      <div class="skeleton skeleton-sentence" />
      <div class="skeleton skeleton-line" />
      <For each={[90, 70, 75, 50, 62, 66, 40, 58]}>
        {(width) => <div class="skeleton skeleton-line" style={{ width: `${width}%` }} />}
      </For>
    </div>
  );
}
