// Billed against traced tokens of each deployment, and what explains the difference.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { Billed, DeploymentEconomics, Difference, Economics, Traced } from '../api/economics';
import { tEconomics } from '../i18n/economics';
import { f } from '../i18n/language';
import { callsAddress } from '../lib/economics';
import { msOfNs } from '../lib/format';
import { oneLine } from '../lib/text';

export function DeploymentName(props: { row: DeploymentEconomics }): JSX.Element {
  const where = () => [props.row.account ?? props.row.resource, props.row.model, props.row.sku]
    .filter((part) => part !== null).map((part) => oneLine(part)).join(' · ');
  return (
    <th scope="row">
      <bdi>{oneLine(props.row.deployment)}</bdi>
      <span class="economics-where quiet"><bdi>{where()}</bdi></span>
    </th>
  );
}

function Tokens(props: { of: Billed | Traced }): JSX.Element {
  const words = () => tEconomics().split(
    f().number(props.of.prompt), f().number(props.of.completion));
  return <td class="num" title={words()}>{f().number(props.of.total)}</td>;
}

function Untraced(props: { of: Difference }): JSX.Element {
  return (
    <td class="num" title={f().number(props.of.untraced)}>
      <Show when={props.of.beyond > 0} fallback={
        <Show when={props.of.share !== null}
          fallback={<span class="quiet">{tEconomics().nothing}</span>}>
          <span classList={{ warn: (props.of.share ?? 0) >= 0.05 }}>
            {f().percent(props.of.share ?? 0)}</span></Show>}>
        <span class="warn">{tEconomics().beyond(f().compact(props.of.beyond))}</span>
      </Show>
    </td>
  );
}

function Line(props: { row: DeploymentEconomics; whole: Economics }): JSX.Element {
  const partly = () => props.row.from_ns !== props.whole.from_ns ||
    props.row.to_ns !== props.whole.to_ns;
  return (
    <tr>
      <DeploymentName row={props.row} />
      <Show when={props.row.billed} fallback={<td class="num warn">{tEconomics().unknown}</td>}>
        {(billed) => <Tokens of={billed()} />}</Show>
      <Tokens of={props.row.traced} />
      <Show when={props.row.difference} fallback={<td class="num warn">{tEconomics().unknown}</td>}>
        {(difference) => <Untraced of={difference().total} />}</Show>
      <td class="num">
        <Show when={props.row.billed} fallback={<span class="warn">{tEconomics().unknown}</span>}>
          {(billed) => f().number(billed().succeeded)}</Show></td>
      <td class="num">{f().number(props.row.traced.calls)}
        <Show when={props.row.traced.failed > 0}>
          <span class="quiet"> ({tEconomics().failed(f().number(props.row.traced.failed))})</span>
        </Show></td>
      <td>
        <Show when={callsAddress(props.row.search, props.row)}>
          {(to) => <A class="link" href={to()}
            aria-label={tEconomics().showOf(oneLine(props.row.deployment))}>
            {tEconomics().show}</A>}</Show>
        <Show when={partly()}>
          <span class="quiet"> {tEconomics().partly(f().dateTime(msOfNs(props.row.from_ns)),
            f().dateTime(msOfNs(props.row.to_ns)))}</span></Show>
      </td>
    </tr>
  );
}

function Notes(props: { found: Economics }): JSX.Element {
  const reasons = () => [...new Set(props.found.deployments.flatMap((row) => row.unknown ?? []))];
  const sum = (count: (row: DeploymentEconomics) => number) =>
    props.found.deployments.reduce((all, row) => all + count(row), 0);
  const byName = () => sum((row) => row.traced.by_name);
  const withoutTokens = () => sum((row) => row.traced.without_tokens);
  const notes = () => [
    ...reasons().map((reason) => tEconomics().reasons[reason]),
    ...(props.found.deployments.some((row) => (row.difference?.total.untraced ?? 0) > 0)
      ? [tEconomics().untracedWhy] : []),
    ...(props.found.deployments.some((row) => (row.difference?.total.beyond ?? 0) > 0)
      ? [tEconomics().beyondWhy] : []),
    ...(byName() > 0 ? [tEconomics().byName(f().number(byName()))] : []),
    ...(withoutTokens() > 0 ? [tEconomics().withoutTokens(f().number(withoutTokens()))] : []),
    ...(props.found.cut ? [tEconomics().cut] : []),
  ];
  return (
    <Show when={notes().length > 0}>
      <section data-testid="economics-notes">
        <h2>{tEconomics().why}</h2>
        <ul class="economics-notes"><For each={notes()}>{(note) => <li>{note}</li>}</For></ul>
      </section>
    </Show>
  );
}

export function EconomicsTokens(props: { found: Economics }): JSX.Element {
  return (
    <>
      <section>
        <h2>{tEconomics().tokens}</h2>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEconomics().tokens}>
          <table class="pairs cost-table economics" data-testid="economics-tokens">
            <thead><tr>
              <th scope="col">{tEconomics().deployment}</th>
              <th scope="col">{tEconomics().billed}</th>
              <th scope="col">{tEconomics().traced}</th>
              <th scope="col">{tEconomics().untraced}</th>
              <th scope="col">{tEconomics().calls}</th>
              <th scope="col">{tEconomics().tracedCalls}</th>
              <th scope="col">{tEconomics().traces}</th>
            </tr></thead>
            <tbody>
              <For each={props.found.deployments}>
                {(row) => <Line row={row} whole={props.found} />}</For>
            </tbody>
            <tfoot><tr>
              <th scope="row">{tEconomics().total}</th>
              <Tokens of={props.found.total.billed} />
              <Tokens of={props.found.total.traced} />
              <Untraced of={props.found.total.difference.total} />
              <td class="num">{f().number(props.found.total.billed.succeeded)}</td>
              <td class="num">{f().number(props.found.total.traced.calls)}</td>
              <td />
            </tr></tfoot>
          </table>
        </div>
      </section>
      <Notes found={props.found} />
    </>
  );
}
