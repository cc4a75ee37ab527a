// What a trace is, above its spans: verdict, totals, evaluations, what is wrong with it.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { Evaluation, Trace } from '../api/types';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { tTrace } from '../i18n/trace';
import { tVerdict } from '../i18n/verdict';
import { msOfNs } from '../lib/format';
import { withoutEchoes } from '../lib/opinion';
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
    ? verdictWords(tVerdict(), f(), props.verdict, props.trace.duration_ns) : []);
  const figures = (): [string, string, (string | undefined)?][] => [
    [tTrace().duration, f().duration(props.trace.duration_ns)],
    [tTrace().llmCalls, f().number(totals().llm_calls)],
    [tTrace().spans, f().number(props.trace.total_spans)],
    [tTrace().tokens, totals().total_tokens === null ? '—' : f().number(totals().total_tokens ?? 0),
      totals().total_tokens === null ? tList().tokensUnknown
        : tList().tokensInOut(f().number(totals().input_tokens ?? 0),
          f().number(totals().output_tokens ?? 0))],
    [tTrace().cost, sumText(totals().cost), sumWords(tCost(), totals().cost)],
    [tTrace().started, f().dateTime(msOfNs(props.trace.start_ns))],
    [tTrace().services, props.trace.services.map(oneLine).join(', ')],
  ];
  const notes = () => props.trace.notes.map((note) =>
    Object.hasOwn(tTrace().notes, note)
      ? tTrace().notes[note as keyof ReturnType<typeof tTrace>['notes']] : note);
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
  const told = createMemo(() => withoutEchoes(props.evaluations));
  const shown = () => (all() ? told() : told().slice(0, chipsMax));
  const who = (one: Evaluation) =>
    (one.submitter?.type === 'human' ? ` · ${oneLine(String(one.submitter.id))}` : '');
  return (
    <ul class="chips" aria-label={tTrace().evaluations}>
      <For each={shown()}>
        {(evaluation) => (
          <li>
            <button type="button" class={`chip evaluation ${evaluationTone(evaluation)}`}
              onClick={() => { if (evaluation.span_id) props.onSelect(evaluation.span_id); }}>
              <Icon name={evaluationTone(evaluation) === 'bad' ? 'error'
                : evaluationTone(evaluation) === 'good' ? 'ok' : 'task'} />
              <bdi>{oneLine(evaluation.label)}: {evaluationValue(evaluation)}{who(evaluation)}</bdi>
            </button>
          </li>
        )}
      </For>
      <Show when={!all() && told().length > chipsMax}>
        <li><button type="button" class="link" onClick={() => setAll(true)}>
          +{f().number(told().length - chipsMax)}</button></li>
      </Show>
    </ul>
  );
}
