// What the deployments of Azure consumed: billed by Azure against what was traced.
import { A } from '@solidjs/router';
import { createResource, type JSX, Show } from 'solid-js';
import type { Problem } from '../api/client';
import { type Economics, economicsApi } from '../api/economics';
import { tEconomics } from '../i18n/economics';
import { f } from '../i18n/language';
import { usePeriod } from '../lib/address';
import { economicsSheet } from '../lib/economics';
import { exportText } from '../lib/export_rows';
import { msOfNs } from '../lib/format';
import { latestOf } from '../lib/latest';
import { saveFile } from '../lib/save_file';
import { useTitle } from '../lib/title';
import { AzureTabs } from '../parts/AzureTabs';
import { EconomicsFilter } from '../parts/EconomicsFilter';
import { EconomicsProvisioned } from '../parts/EconomicsProvisioned';
import { EconomicsQuota } from '../parts/EconomicsQuota';
import { EconomicsTokens } from '../parts/EconomicsTokens';
import { ProblemNotice } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';

function leadOf(found: Economics): string {
  const { billed, difference } = found.total;
  const { share, untraced } = difference.total;
  if (share === null) return tEconomics().nothingBilled;
  if (untraced === 0) return tEconomics().allTraced(f().compact(billed.total));
  return tEconomics().lead(f().percent(share), f().compact(untraced), f().compact(billed.total));
}

function Found(props: { found: Economics }): JSX.Element {
  const save = () => {
    const text = exportText(props.found.deployments, 'csv', true, economicsSheet);
    saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${tEconomics().file}.csv`);
  };
  return (
    <Show when={props.found.deployments.length > 0} fallback={
      <p data-testid="economics-empty">
        {props.found.too_recent ? tEconomics().tooRecent : tEconomics().empty}{' '}
        <Show when={!props.found.too_recent}>
          <A class="link" href="/azure">{tEconomics().setUp}</A> ·{' '}
          <A class="link" href="/connect">{tEconomics().connect}</A></Show></p>}>
      <p class="lead" role="status" data-testid="economics-lead">
        {leadOf(props.found)}{' '}
        <Show when={props.found.total.unknown > 0}>
          <span class="warn">{tEconomics().unknownRows(props.found.total.unknown)}</span></Show></p>
      <p class="quiet">{tEconomics().until(f().dateTime(msOfNs(props.found.from_ns)),
        f().dateTime(msOfNs(props.found.to_ns)))}{' '}
        <button type="button" class="button" onClick={save}>
          {tEconomics().csv}</button></p>
      <EconomicsTokens found={props.found} />
      <EconomicsQuota found={props.found} />
      <EconomicsProvisioned found={props.found} />
      <EconomicsFilter found={props.found} />
    </Show>
  );
}

export default function ConsumptionPage(): JSX.Element {
  useTitle(() => tEconomics().title);
  const { text, setQuery, state, range } = usePeriod();
  const [found, { refetch }] = createResource(
    () => ({ from: text('from'), to: text('to') }),
    () => economicsApi.economics(new URLSearchParams({
      from: String(range().fromMs), to: String(range().toMs),
    })));
  return (
    <div class="page costs azure-page">
      <h1>{tEconomics().title}</h1>
      <AzureTabs />
      <p class="quiet">{tEconomics().intro}</p>
      <div class="cost-tools">
        <TimeRange state={state()} range={range()} onRange={(from, to) => setQuery({ from, to })} />
      </div>
      <Show when={found.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={() => void refetch()} />}
      </Show>
      <Show when={!found.error && latestOf(found)} fallback={
        <Show when={!found.error}><div class="skeleton skeleton-page" /></Show>}>
        {(economics) => <Found found={economics()} />}
      </Show>
    </div>
  );
}
