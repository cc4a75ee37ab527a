// Provisioned deployments: how much is used, what a token costs, and when it pays.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { DeploymentEconomics, Economics, Provisioned } from '../api/economics';
import { tCost } from '../i18n/cost';
import { tEconomics } from '../i18n/economics';
import { f } from '../i18n/language';
import { oneLine } from '../lib/text';
import { DeploymentName } from './EconomicsTokens';

const percent = (value: number) => f().percent(value / 100);

function Known(props: { value: number | null; text: (value: number) => string }): JSX.Element {
  return (
    <td class="num" classList={{ warn: props.value === null }}>
      {props.value === null ? tEconomics().unknown : props.text(props.value)}</td>
  );
}

// Cheaper by which way; nothing where one of them is not known.
function Verdict(props: { of: Provisioned }): JSX.Element {
  const known = () => props.of.usd !== null && props.of.by_token_usd !== null;
  const more = () => (props.of.by_token_usd ?? 0) - (props.of.usd ?? 0);
  return (
    <td>
      <Show when={known()} fallback="–">
        <span classList={{ good: more() >= 0, warn: more() < 0 }}>
          {more() >= 0 ? tEconomics().saves(f().cost(more()))
            : tEconomics().dearer(f().cost(-more()))}</span></Show>
    </td>
  );
}

function Line(props: { row: DeploymentEconomics; of: Provisioned; found: Economics }): JSX.Element {
  const used = () => props.of.utilisation;
  const target = () => props.found.deployments.find((other) =>
    other.account_id === props.row.account_id && other.deployment === props.row.spillover);
  return (
    <tr>
      <DeploymentName row={props.row} />
      <Show when={used()} fallback={<td class="num quiet" colSpan={3}>{tEconomics().noUse}</td>}>
        {(utilisation) => <>
          <td class="num">{percent(utilisation().mean)}</td>
          <td class="num">{percent(utilisation().p95)}</td>
          <td class="num" classList={{ warn: utilisation().max >= 100 }}>
            {percent(utilisation().max)}</td></>}</Show>
      <td class="num">
        <Show when={props.row.spillover} fallback={<span class="quiet">{tEconomics().noSpill}</span>}>
          {(to) => <>{target()?.billed ? f().number(target()?.billed?.spilled ?? 0)
            : tEconomics().unknown} <span class="quiet">→ <bdi>{oneLine(to())}</bdi></span></>}
        </Show></td>
      <td class="num">
        <Show when={props.of.usd !== null} fallback={
          <A class="link" href={`/costs?map=${encodeURIComponent(props.row.deployment)}`}>
            {tEconomics().sayPrice}</A>}>{f().cost(props.of.usd ?? 0)}</Show></td>
      <Known value={props.of.usd_per_million} text={(value) => f().cost(value)} />
      <Known value={props.of.by_token_usd_per_million} text={(value) => f().cost(value)} />
      <Known value={props.of.tokens_per_hour} text={(value) => f().compact(value)} />
      <Known value={props.of.break_even_tokens_per_hour} text={(value) => f().compact(value)} />
      <Known value={props.of.break_even_utilisation} text={percent} />
      <Verdict of={props.of} />
    </tr>
  );
}

export function EconomicsProvisioned(props: { found: Economics }): JSX.Element {
  const rows = () => props.found.deployments.flatMap((row) =>
    row.provisioned ? [{ row, of: row.provisioned }] : []);
  const reasons = () => [...new Set(rows().flatMap(({ of }) => of.by_token_unknown ?? []))];
  return (
    <Show when={rows().length > 0}>
      <section>
        <h2>{tEconomics().provisioned}</h2>
        <p class="quiet">{tEconomics().provisionedIntro}</p>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEconomics().provisioned}>
          <table class="pairs cost-table economics" data-testid="economics-provisioned">
            <thead><tr>
              <th scope="col">{tEconomics().deployment}</th>
              <th scope="col">{tEconomics().useMean}</th><th scope="col">{tEconomics().useP95}</th>
              <th scope="col">{tEconomics().useMax}</th><th scope="col">{tEconomics().spilled}</th>
              <th scope="col">{tCost().cost}</th>
              <th scope="col">{tEconomics().realPrice}</th>
              <th scope="col">{tEconomics().tokenPrice}</th>
              <th scope="col">{tEconomics().perHour}</th>
              <th scope="col">{tEconomics().breakEven}</th>
              <th scope="col">{tEconomics().breakEvenUse}</th>
              <th scope="col">{tEconomics().pays}</th>
            </tr></thead>
            <tbody><For each={rows()}>
              {(one) => <Line row={one.row} of={one.of} found={props.found} />}</For></tbody>
          </table>
        </div>
        <Show when={reasons().length > 0}>
          <p class="quiet">{tEconomics().noTokenPrice}</p></Show>
      </section>
    </Show>
  );
}
