// How much of its quota each deployment used, and the calls that Azure sent away for it.
import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { DeploymentEconomics, Economics, ThrottledCall } from '../api/economics';
import { tEconomics } from '../i18n/economics';
import { f } from '../i18n/language';
import { callsAddress, hasQuota, spanAddress, used } from '../lib/economics';
import { msOfNs } from '../lib/format';
import { oneLine } from '../lib/text';
import { Copy } from './Copy';
import { DeploymentName } from './EconomicsTokens';

function Peak(props: {
  peak: number | undefined; at: string | null | undefined; limit: number | null; none: boolean;
}): JSX.Element {
  const share = () => used(props.peak, props.limit);
  return (
    <td class="num" title={props.at ? f().dateTime(msOfNs(props.at)) : undefined}>
      <Show when={props.peak !== undefined}
        fallback={<span class="warn">{tEconomics().unknown}</span>}>
        {f().number(props.peak ?? 0)}</Show>
      <Show when={!props.none}>
        {' / '}{props.limit === null ? tEconomics().noLimit : f().number(props.limit)}</Show>
      <Show when={share() !== null}>
        <span classList={{ warn: (share() ?? 0) >= 0.8, quiet: (share() ?? 0) < 0.8 }}>
          {' '}({f().percent(share() ?? 0)})</span></Show>
    </td>
  );
}

function Line(props: { row: DeploymentEconomics }): JSX.Element {
  const quota = () => props.row.quota;
  return (
    <tr>
      <DeploymentName row={props.row} />
      <Peak peak={quota().peak?.tokens} at={quota().peak?.tokens_at_ns}
        limit={quota().tokens_per_minute} none={props.row.provisioned !== null} />
      <Peak peak={quota().peak?.requests} at={quota().peak?.requests_at_ns}
        limit={quota().requests_per_minute} none={props.row.provisioned !== null} />
      <td class="num" classList={{ warn: quota().throttled !== 0 }}>
        {quota().throttled === null ? tEconomics().unknown
          : f().number(quota().throttled ?? 0)}</td>
      <td class="num">{f().number(quota().traced.failed)}</td>
      <td class="num">{f().number(quota().traced.retried)}</td>
      <td class="num">
        {quota().traced.retry_after_ms_max === null ? '–'
          : f().duration((quota().traced.retry_after_ms_max ?? 0) * 1e6)}</td>
      <td><Show when={callsAddress(quota().traced.search, props.row)}>
        {(to) => <A class="link" href={to()}
          aria-label={tEconomics().showThrottledOf(oneLine(props.row.deployment))}>
          {tEconomics().show}</A>}</Show></td>
    </tr>
  );
}

function Call(props: { row: DeploymentEconomics; call: ThrottledCall }): JSX.Element {
  return (
    <tr>
      <th scope="row"><bdi>{oneLine(props.row.deployment)}</bdi></th>
      <td><Show when={spanAddress(props.call)}
        fallback={f().dateTime(msOfNs(props.call.start_ns))}>
        {(to) => <A class="link" href={to()}>{f().dateTime(msOfNs(props.call.start_ns))}</A>}
      </Show></td>
      <td>{props.call.failed ? tEconomics().endedSo : tEconomics().triedAgain}</td>
      <td class="num">{props.call.retry_after_ms === null ? '–'
        : f().duration(props.call.retry_after_ms * 1e6)}</td>
      <td><Show when={props.call.request_id} fallback="–">
        {(id) => <><bdi class="mono">{oneLine(id())}</bdi>
          <Copy text={id} what={tEconomics().requestId} /></>}</Show></td>
    </tr>
  );
}

export function EconomicsQuota(props: { found: Economics }): JSX.Element {
  const rows = () => props.found.deployments.filter(hasQuota);
  const calls = () => rows()
    .flatMap((row) => row.quota.traced.newest.map((call) => ({ row, call })))
    .sort((a, b) => Number(BigInt(b.call.start_ns) - BigInt(a.call.start_ns)));
  return (
    <Show when={rows().length > 0}>
      <section>
        <h2>{tEconomics().quota}</h2>
        <p class="quiet">{tEconomics().quotaIntro}{' '}
          <Show when={rows().some((row) => row.quota.tokens_per_minute_from === 'capacity')}>
            {tEconomics().fromCapacity}</Show></p>
        <div class="cost-scroll" tabIndex={0} role="region" aria-label={tEconomics().quota}>
          <table class="pairs cost-table economics" data-testid="economics-quota">
            <thead><tr>
              <th scope="col">{tEconomics().deployment}</th>
              <th scope="col">{tEconomics().peakTokens}</th>
              <th scope="col">{tEconomics().peakRequests}</th>
              <th scope="col">{tEconomics().throttled}</th>
              <th scope="col">{tEconomics().throttledFailed}</th>
              <th scope="col">{tEconomics().throttledRetried}</th>
              <th scope="col">{tEconomics().longestWait}</th>
              <th scope="col">{tEconomics().traces}</th>
            </tr></thead>
            <tbody><For each={rows()}>{(row) => <Line row={row} />}</For></tbody>
          </table>
        </div>
        <Show when={calls().length > 0}>
          <h3>{tEconomics().newestThrottled}</h3>
          <div class="cost-scroll" tabIndex={0} role="region"
            aria-label={tEconomics().newestThrottled}>
            <table class="pairs cost-table economics-calls" data-testid="economics-throttled">
              <thead><tr>
                <th scope="col">{tEconomics().deployment}</th>
                <th scope="col">{tEconomics().when}</th>
                <th scope="col">{tEconomics().outcome}</th>
                <th scope="col">{tEconomics().wait}</th>
                <th scope="col">{tEconomics().requestId}</th>
              </tr></thead>
              <tbody><For each={calls()}>
                {(one) => <Call row={one.row} call={one.call} />}</For></tbody>
            </table>
          </div>
        </Show>
      </section>
    </Show>
  );
}
