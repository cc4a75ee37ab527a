// A cost in words: what it is, how it came about, or why it is not known.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { Cost, CostSum, SpanCost, UnknownCalls } from '../api/cost_types';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { oneLine } from '../lib/text';

type Words = ReturnType<typeof tCost>;

export function reasonWords(words: Words, unknown: Pick<UnknownCalls, 'reason' | 'model'> & {
  deployment?: string | null;
}): string {
  const say = words.reasons[unknown.reason] as (model: string, deployment: string) => string;
  return say(oneLine(unknown.model ?? ''), oneLine(unknown.deployment ?? ''));
}

export function costWords(words: Words, cost: Cost & { deployment?: string | null }): string {
  return cost.kind === 'unknown' && cost.reason
    ? words.unknown(reasonWords(words, { ...cost, reason: cost.reason }))
    : words.kinds[cost.kind];
}

// A sum on one line: an amount, with what is missing in it.
export function sumText(sum: CostSum): string {
  if (sum.usd === null) return '—';
  return sum.complete ? f().cost(sum.usd) : `≥ ${f().cost(sum.usd)}`;
}

export function sumWords(words: Words, sum: CostSum): string {
  const first = sum.unknown.find((x) => x.reason !== 'failed_without_tokens') ?? sum.unknown[0];
  if (!first || (sum.complete && sum.usd !== null)) {
    return Object.keys(sum.by_kind).map((kind) => words.kinds[kind as Cost['kind']]).join(', ');
  }
  return sum.usd === null
    ? words.unknown(reasonWords(words, first))
    : `${words.atLeast(f().cost(sum.usd))}: ${words.incomplete(sum.unknown_calls)}`;
}

const mappable = new Set<string | null>(['deployment_not_mapped', 'no_price', 'no_ptu_price']);

// Where an unknown cost is mended; null when nothing on the page can.
export function fixAddress(unknown: Pick<UnknownCalls, 'model'> & {
  reason: string | null; deployment?: string | null;
}): string | null {
  if (!mappable.has(unknown.reason)) return null;
  const name = unknown.deployment ?? unknown.model;
  return name ? `/costs?map=${encodeURIComponent(name)}` : null;
}

function HowParts(props: { cost: SpanCost }): JSX.Element {
  return (
    <table class="pairs">
      <thead><tr>
        <th scope="col">{tCost().part}</th><th scope="col">{tCost().tokens}</th>
        <th scope="col">{tCost().rate}</th><th scope="col">{tCost().amount}</th>
      </tr></thead>
      <tbody>
        <For each={props.cost.parts}>
          {(part) => (
            <tr>
              <th scope="row">{tCost().columns[part.what as 'input'] ?? part.what}</th>
              <td class="num">{f().number(part.tokens)}</td>
              <td class="num">{part.usd_per_million === null ? '—' : f().cost(part.usd_per_million)}</td>
              <td class="num">{part.usd === null ? '—' : f().cost(part.usd)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function howWords(words: Words, cost: SpanCost): string[] {
  const model = oneLine(cost.model ?? '');
  const type = words.types[(cost.deployment_type ?? 'global') as 'global'];
  const lines: string[] = [];
  if (cost.kind === 'application') return [words.how.application];
  if (cost.kind === 'unknown' || cost.kind === 'none') return [];
  if (cost.model_from === 'response') lines.push(words.how.response(model));
  if (cost.model_from === 'mapping') {
    lines.push(words.how.mapping(model, oneLine(cost.deployment ?? '')));
  }
  if (cost.model_from === 'inventory') {
    lines.push(words.how.inventory(model, oneLine(cost.deployment ?? '')));
  }
  lines.push(cost.deployment_type_assumed ? words.how.assumed(type) : words.how.type(type));
  if (cost.kind === 'own_price') lines.push(words.how.own(oneLine(cost.source ?? '')));
  if (cost.kind === 'catalogue') lines.push(words.how.source(cost.source ?? '', cost.read ?? ''));
  if (cost.kind === 'ptu_estimate') lines.push(words.how.ptu);
  return lines;
}

export function SpanCostSection(props: { cost: SpanCost }): JSX.Element {
  const fix = () => fixAddress(props.cost);
  return (
    <Show when={props.cost.kind !== 'none'}>
      <details class="section" open data-testid="span-cost">
        <summary><h3>{tCost().cost}</h3>
          <span class="quiet num">{props.cost.usd === null ? '—' : f().cost(props.cost.usd)}</span>
        </summary>
        <p dir="auto">{costWords(tCost(), props.cost)}{' '}
          <Show when={fix()}>{(to) => <A href={to()}>{tCost().fix}</A>}</Show></p>
        <Show when={props.cost.parts.length > 0}><HowParts cost={props.cost} /></Show>
        <For each={howWords(tCost(), props.cost)}>
          {(line) => <p class="quiet" dir="auto">{line}</p>}
        </For>
      </details>
    </Show>
  );
}
