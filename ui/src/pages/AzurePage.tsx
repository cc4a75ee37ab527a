// Azure Monitor: how it goes, what was found, how to log in.
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { azureApi, type AzureInventory, type AzureProblem, type AzureStatus } from '../api/azure';
import type { Problem } from '../api/client';
import { tAzure } from '../i18n/azure';
import { f } from '../i18n/language';
import { every } from '../lib/fresh';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { AzureLogin } from '../parts/AzureLogin';
import { AzureTabs } from '../parts/AzureTabs';
import { ProblemNotice, problemWords } from '../parts/Notice';

const againMs = 5_000;

const when = (time: string | null): string =>
  time === null ? tAzure().never : f().dateTime(Date.parse(time));

// In words of this page where it has some, else in the server's.
function wordsOf(problem: AzureProblem): [string, string] {
  return tAzure().names[problem.name] ?? [problem.cause, problem.remedy];
}

function State(props: { status: AzureStatus; onRead: () => void; said: string }): JSX.Element {
  const behind = () => Math.round(props.status.behind_seconds / 60);
  return (
    <section>
      <h2>{tAzure().state}</h2>
      <table class="pairs cost-table" data-testid="azure-state">
        <tbody>
          <tr><th scope="row">{tAzure().ended}</th>
            <td>{when(props.status.ended)}{' '}
              <Show when={props.status.running}>
                <span class="quiet">({tAzure().running})</span></Show></td></tr>
          <tr><th scope="row">{tAzure().next}</th><td>{when(props.status.next)}</td></tr>
          <tr><th scope="row">{tAzure().behind}</th>
            <td>{behind() < 5 ? tAzure().upToDate
              : tAzure().minutes(f().number(behind()))}</td></tr>
          <tr><th scope="row">{tAzure().points}</th><td>{f().number(props.status.points)}</td></tr>
          <tr><th scope="row">{tAzure().corrected}</th>
            <td>{f().number(props.status.corrected)}</td></tr>
          <Show when={props.status.calls_left !== null}>
            <tr><th scope="row">{tAzure().callsLeft}</th>
              <td>{f().number(props.status.calls_left ?? 0)}</td></tr></Show>
        </tbody>
      </table>
      <p><button type="button" class="button" onClick={() => { props.onRead(); }}>
        {tAzure().readNow}</button>{' '}<span role="status">{props.said}</span></p>
    </section>
  );
}

function Problems(props: { problems: AzureProblem[] }): JSX.Element {
  return (
    <section data-testid="azure-problems">
      <h2>{tAzure().problems}</h2>
      <Show when={props.problems.length > 0}
        fallback={<p class="quiet">{tAzure().noProblems}</p>}>
        <ul class="azure-problems">
          <For each={props.problems}>
            {(problem) => (
              <li>
                <strong><bdi>{oneLine(problem.where)}</bdi>: {wordsOf(problem)[0]}</strong>
                <p>{tAzure().mend}: {wordsOf(problem)[1]}</p>
                <p class="quiet"><bdi>{oneLine(problem.said)}</bdi> · {tAzure().since}{' '}
                  {f().dateTime(Date.parse(problem.since))}</p>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

function Found(props: { inventory: AzureInventory }): JSX.Element {
  const of = (account: string) =>
    props.inventory.deployments.filter((deployment) => deployment.account === account);
  return (
    <section>
      <h2>{tAzure().found}</h2>
      <div class="cost-scroll" tabIndex={0} role="region" aria-label={tAzure().found}>
        <table class="pairs cost-table azure-found" data-testid="azure-found">
          <thead><tr>
            <th scope="col">{tAzure().account}</th><th scope="col">{tAzure().deployment}</th>
            <th scope="col">{tAzure().model}</th><th scope="col">{tAzure().sku}</th>
            <th scope="col">{tAzure().limits}</th>
          </tr></thead>
          <For each={props.inventory.accounts}>
            {(account) => (
              <tbody>
                <For each={of(account.id)} fallback={
                  <tr><th scope="row"><bdi>{oneLine(account.name)}</bdi>{' '}
                    <span class="quiet">{account.region}</span></th>
                    <td colSpan={4} class="quiet">{tAzure().none}</td></tr>}>
                  {(deployment) => (
                    <tr>
                      <th scope="row"><bdi>{oneLine(account.name)}</bdi>{' '}
                        <span class="quiet">{account.region}</span></th>
                      <td><bdi>{oneLine(deployment.name)}</bdi>
                        <Show when={deployment.spillover}>
                          {(name) => <span class="quiet"> · {tAzure().spillover(oneLine(name()))}</span>}
                        </Show></td>
                      <td><bdi>{oneLine(deployment.model)}</bdi>{' '}
                        <span class="quiet">{oneLine(deployment.version)}</span></td>
                      <td>{deployment.sku} <span class="quiet">{f().number(deployment.capacity)}</span></td>
                      <td>
                        <Show when={deployment.tokens_per_minute !== null}>
                          {tAzure().tokens(f().number(deployment.tokens_per_minute ?? 0))}</Show>
                        <Show when={deployment.requests_per_minute !== null}>
                          {', '}{tAzure().requests(f().number(deployment.requests_per_minute ?? 0))}</Show>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            )}
          </For>
        </table>
      </div>
    </section>
  );
}

export default function AzurePage(): JSX.Element {
  useTitle(() => tAzure().title);
  const [status, { refetch }] = createResource(() => azureApi.status());
  const [inventory, { refetch: look }] = createResource(() => azureApi.inventory());
  const [said, setSaid] = createSignal('');
  const again = () => { void refetch(); void look(); };
  every(againMs, () => { if (!status.loading) again(); });
  const readNow = async () => {
    try {
      await azureApi.readNow();
      setSaid(tAzure().begun);
    } catch (error) {
      setSaid(problemWords(error));
    }
    again();
  };
  return (
    <div class="page costs azure-page">
      <h1>{tAzure().title}</h1>
      <AzureTabs />
      <p class="quiet">{tAzure().intro}</p>
      <Show when={status.error as Problem | undefined}>
        {(problem) => <ProblemNotice problem={problem()} onRetry={again} />}
      </Show>
      <Show when={latestOf(status)} fallback={
        <Show when={!status.error}><div class="skeleton skeleton-page" /></Show>}>
        {(found) => (
          <>
            <Show when={found().set_up} fallback={
              <>
                <p class="lead">{tAzure().notSetUp}</p>
                <ol><For each={tAzure().steps}>{(step) => <li>{step}</li>}</For></ol>
              </>}>
              <p class="lead" data-testid="azure-lead">
                {tAzure().works(
                  tAzure().accounts(latestOf(inventory)?.accounts.length ?? 0),
                  tAzure().deployments(latestOf(inventory)?.deployments.length ?? 0))}{' '}
                <Show when={found().problems.length > 0} fallback={tAzure().noProblems}>
                  <span class="bad">{tAzure().problemCount(found().problems.length)}.</span></Show></p>
              <Show when={found().problems.length > 0}>
                <Problems problems={found().problems} /></Show>
              <State status={found()} said={said()} onRead={() => void readNow()} />
            </Show>
            <Show when={latestOf(inventory)}>
              {(all) => <Show when={all().accounts.length > 0}>
                <Found inventory={all()} /></Show>}</Show>
            <AzureLogin status={found()} onChanged={again} />
          </>
        )}
      </Show>
    </div>
  );
}
