// What Azure did with a call, said in words: the refusal first, then waiting, then the verdicts.
import { createMemo, For, type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tAzure } from '../i18n/span';
import { type AzureFacts as Facts, azureFacts, categories, type FilterVerdict } from '../lib/azure';
import { oneLine } from '../lib/text';
import type { Node } from '../lib/tree';
import { Copy } from './Copy';
import { Icon } from './Icons';

function categoryWord(category: string): string {
  const words = tAzure().categories;
  return (categories as readonly string[]).includes(category)
    ? words[category as keyof typeof words] : oneLine(category);
}

function severityWord(verdict: FilterVerdict): string {
  const words = tAzure().severities;
  const { severity, detected } = verdict;
  if (severity && Object.hasOwn(words, severity)) return words[severity as keyof typeof words];
  if (severity) return oneLine(severity);
  if (detected === null) return verdict.filtered ? tAzure().detected : tAzure().notDetected;
  return detected ? tAzure().detected : tAzure().notDetected;
}

function sentences(facts: Facts): { text: string; tone: 'bad' | 'warn' | 'plain' }[] {
  const a = tAzure();
  const out: { text: string; tone: 'bad' | 'warn' | 'plain' }[] = [];
  if (facts.refusal) {
    const named = facts.refusal.categories.filter((c) => c !== 'jailbreak').map(categoryWord);
    out.push({ tone: 'bad', text: a.refused(named.join(', '), facts.refusal.jailbreak) });
  }
  const answer = facts.verdicts.filter((v) => v.side === 'completion' && v.filtered);
  if (answer.length > 0) {
    out.push({ tone: 'bad', text: a.answerStopped(answer.map((v) => categoryWord(v.category)).join(', ')) });
  }
  if (facts.spilled) {
    const { from, to, status } = facts.spilled;
    out.push({ tone: 'warn', text: a.spilled(oneLine(from), oneLine(to),
      status === null ? '' : String(status)) });
  }
  if (facts.retries) {
    out.push({ tone: 'warn', text: a.retried({
      count: facts.retries.count, shown: f().number(facts.retries.count),
      status: facts.retries.status === null ? '' : String(facts.retries.status),
      waited: f().duration(facts.retries.waitedMs * 1e6),
    }) });
  }
  if (facts.retryAfterMs !== null) {
    out.push({ tone: 'warn', text: a.retryAfter(f().duration(facts.retryAfterMs * 1e6)) });
  }
  const limit = facts.rateLimit;
  const left = (remaining: number | null, of: number | null, say: typeof a.tokensLeft) => {
    if (remaining === null) return;
    out.push({ tone: of !== null && remaining < of * 0.05 ? 'warn' : 'plain', text: say(
      f().number(remaining), of === null ? '' : f().number(of)) });
  };
  left(limit?.remainingTokens ?? null, limit?.limitTokens ?? null, a.tokensLeft);
  left(limit?.remainingRequests ?? null, limit?.limitRequests ?? null, a.requestsLeft);
  if (facts.firstTokenNs !== null) {
    out.push({ tone: 'plain', text: a.firstToken(f().duration(facts.firstTokenNs),
      facts.perTokenNs === null || facts.perTokenNs <= 0 ? ''
        : f().number(Math.round(1e9 / facts.perTokenNs))) });
  }
  return out;
}

function Verdicts(props: { side: FilterVerdict['side']; verdicts: FilterVerdict[] }): JSX.Element {
  return (
    <Show when={props.verdicts.length > 0}>
      <table class="verdicts">
        <caption>{tAzure().sides[props.side]}</caption>
        <tbody>
          <For each={props.verdicts}>
            {(verdict) => (
              <tr classList={{ bad: verdict.filtered }}>
                <th scope="row"><Icon name={verdict.filtered ? 'error' : 'ok'}
                  class={verdict.filtered ? 'bad' : 'good'} /> {categoryWord(verdict.category)}</th>
                <td>{severityWord(verdict)}
                  <Show when={verdict.filtered}> · <strong>{tAzure().stopped}</strong></Show></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}

export function AzureFacts(props: { node: Node }): JSX.Element {
  const facts = createMemo(() => azureFacts(props.node));
  const side = (name: FilterVerdict['side']) =>
    facts()?.verdicts.filter((v) => v.side === name) ?? [];
  return (
    <Show when={facts()}>
      {(known) => (
        <section class="azure" aria-label={tAzure().title} data-testid="azure-facts">
          <h3>{tAzure().title}</h3>
          <ul>
            <For each={sentences(known())}>
              {(said) => (
                <li class={said.tone}>
                  <Icon name={said.tone === 'bad' ? 'error' : said.tone === 'warn' ? 'warn' : 'clock'} />
                  <span>{said.text}</span></li>
              )}
            </For>
          </ul>
          <div class="verdict-tables">
            <Verdicts side="prompt" verdicts={side('prompt')} />
            <Verdicts side="completion" verdicts={side('completion')} />
          </div>
          <Show when={known().requestId}>
            {(id) => <p class="quiet">{tAzure().requestId} <bdi class="mono">{oneLine(id())}</bdi>
              <Copy text={id} what={tAzure().requestId} /></p>}
          </Show>
        </section>
      )}
    </Show>
  );
}
