// The content filter by category and severity: counted by Azure, and the traces that caused it.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { DeploymentEconomics, Economics, FilterVerdict } from '../api/economics';
import { tEconomics } from '../i18n/economics';
import { f } from '../i18n/language';
import { tAzure } from '../i18n/span';
import { callsAddress, spanAddress } from '../lib/economics';
import { oneLine } from '../lib/text';
import { DeploymentName } from './EconomicsTokens';

const named = (words: Record<string, string>, name: string | null): string =>
  name === null ? '–' : words[name] ?? oneLine(name);

function Count(props: { value: number | null }): JSX.Element {
  return (
    <td class="num">
      <Show when={props.value !== null} fallback={<span class="quiet">–</span>}>
        {f().number(props.value ?? 0)}</Show></td>
  );
}

function Line(props: { row: DeploymentEconomics; of: FilterVerdict }): JSX.Element {
  return (
    <tr>
      <DeploymentName row={props.row} />
      <td>{named(tEconomics().sides, props.of.side)}</td>
      <td><bdi>{named(tAzure().categories, props.of.category)}</bdi></td>
      <td><bdi>{named(tAzure().severities, props.of.severity)}</bdi></td>
      <Count value={props.of.harmful} />
      <Count value={props.of.blocked} />
      <td class="num">{f().number(props.of.calls)}</td>
      <td class="num">{f().number(props.of.filtered)}</td>
      <td>
        <Show when={callsAddress(props.of.search, props.row)}>
          {(to) => <A class="link" href={to()}>{tEconomics().show}</A>}</Show>{' '}
        <Show when={spanAddress(props.of)}>
          {(to) => <A class="link" href={to()}>{tEconomics().latest}</A>}</Show>
      </td>
    </tr>
  );
}

export function EconomicsFilter(props: { found: Economics }): JSX.Element {
  const lines = () => props.found.deployments.flatMap((row) =>
    row.content_filter.verdicts.map((of) => ({ row, of })));
  const checked = () => props.found.deployments.reduce(
    (sum, row) => sum + (row.content_filter.checked ?? 0), 0);
  return (
    <section>
      <h2>{tEconomics().filter}</h2>
      <Show when={lines().length > 0} fallback={
        <p class="quiet" data-testid="economics-filter-empty">{tEconomics().noFilter}</p>}>
        <p class="quiet">{tEconomics().filterIntro}{' '}
          <Show when={checked() > 0}>{tEconomics().checked(f().number(checked()))}</Show></p>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEconomics().filter}>
          <table class="pairs cost-table economics economics-filter" data-testid="economics-filter">
            <thead><tr>
              <th scope="col">{tEconomics().deployment}</th>
              <th scope="col">{tEconomics().side}</th>
              <th scope="col">{tEconomics().category}</th>
              <th scope="col">{tEconomics().severity}</th>
              <th scope="col">{tEconomics().harmful}</th>
              <th scope="col">{tEconomics().blocked}</th>
              <th scope="col">{tEconomics().tracedCalls}</th>
              <th scope="col">{tEconomics().stopped}</th>
              <th scope="col">{tEconomics().traces}</th>
            </tr></thead>
            <tbody><For each={lines()}>
              {(one) => <Line row={one.row} of={one.of} />}</For></tbody>
          </table>
        </div>
      </Show>
    </section>
  );
}
