// How to log in to Azure: tried first, step by step, then kept. A secret is never shown.
import { createSignal, For, type JSX, Show, untrack } from 'solid-js';
import {
  type Auth, azureApi, type AzureStatus, type CheckStep, type NewLogin,
} from '../api/azure';
import { tAzure } from '../i18n/azure';
import { oneLine } from '../lib/text';
import { Icon } from './Icons';
import { problemWords } from './Notice';

const auths: readonly Auth[] = ['secret', 'workload', 'managed'];

function Steps(props: { steps: CheckStep[] }): JSX.Element {
  const right = () => props.steps.every((step) => step.right);
  return (
    <div data-testid="azure-steps">
      <p role="status" classList={{ good: right(), bad: !right() }}>
        {right() ? tAzure().allRight : tAzure().notRight}</p>
      <ul class="azure-steps">
        <For each={props.steps}>
          {(step) => (
            <li>
              <Icon name={step.right ? 'ok' : 'error'} class={step.right ? 'good' : 'bad'}
                label={step.right ? tAzure().right : tAzure().wrong} />
              <div>
                <strong>{tAzure().step[step.name]}</strong>{' '}
                <Show when={step.about}>{(about) => <bdi>{oneLine(about())}</bdi>}</Show>
                <Show when={step.problem} fallback={
                  <p class="quiet"><bdi>{oneLine(step.said)}</bdi></p>}>
                  {(name) => (
                    <>
                      <p>{tAzure().names[name()]?.[0] ?? step.said}</p>
                      <p>{tAzure().mend}: {tAzure().names[name()]?.[1] ?? step.remedy}</p>
                      <p class="quiet"><bdi>{oneLine(step.said)}</bdi></p>
                    </>
                  )}
                </Show>
              </div>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

export function AzureLogin(props: { status: AzureStatus; onChanged: () => void }): JSX.Element {
  const [auth, setAuth] = createSignal<Auth>('secret');
  const [chosen, setChosen] = createSignal(false);
  const [steps, setSteps] = createSignal<CheckStep[] | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const [bad, setBad] = createSignal(false);
  const [sure, setSure] = createSignal(false);
  const current = (): Auth => (chosen() ? auth() : (props.status.auth ?? 'secret'));
  const keeps = () => props.status.auth === 'secret';
  // What is being filled in does not change under the hands.
  const before = untrack(() => ({ tenant: props.status.tenant, client: props.status.client }));
  let form: HTMLFormElement | undefined;
  const read = (): NewLogin => {
    const fields = new FormData(form);
    const login: NewLogin = { auth: current() };
    for (const name of ['tenant', 'client', 'secret'] as const) {
      const value = fields.get(name);
      if (typeof value === 'string' && value.trim() !== '') login[name] = value.trim();
    }
    return login;
  };
  const run = async (work: () => Promise<string>) => {
    setBusy(true);
    setSteps(null);
    try {
      setSaid(await work());
      setBad(false);
    } catch (error) {
      setSaid(problemWords(error));
      setBad(true);
    }
    setBusy(false);
    props.onChanged();
  };
  const tryIt = async (login: NewLogin | undefined) => {
    setSaid(tAzure().checking);
    const answer = await azureApi.check(login);
    setSteps(answer.steps);
    return '';
  };
  const keep = async (login: NewLogin) => {
    await azureApi.logIn(login);
    form?.querySelectorAll('input[name="secret"]').forEach((field) => {
      (field as HTMLInputElement).value = '';
    });
    return tAzure().saved;
  };
  const check = () => {
    const login = props.status.by_settings ? undefined : read();
    return run(() => tryIt(login));
  };
  const save = () => {
    const login = read();
    return run(() => keep(login));
  };
  const forget = () => run(async () => {
    setSure(false);
    await azureApi.logOut();
    return tAzure().removed;
  });
  return (
    <form class="cost-form" data-testid="azure-login" ref={(element) => { form = element; }}
      onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <h2>{tAzure().login}</h2>
      <Show when={!props.status.by_settings}
        fallback={<p class="quiet">{tAzure().bySettings}</p>}>
        <div class="cost-fields">
          <label>{tAzure().auth}
            <select name="auth" value={current()} onChange={(event) => {
              setAuth(event.currentTarget.value as Auth);
              setChosen(true);
            }}>
              <For each={auths}>
                {(name) => <option value={name} selected={name === current()}>
                  {tAzure().auths[name]}</option>}</For>
            </select></label>
          <Show when={current() === 'secret'}>
            <label>{tAzure().tenant}
              <input name="tenant" required autocomplete="off" spellcheck={false}
                value={before.tenant ?? ''} /></label>
          </Show>
          <Show when={current() !== 'workload'}>
            <label>{tAzure().client}
              <input name="client" required={current() === 'secret'} autocomplete="off"
                spellcheck={false} value={before.client ?? ''}
                placeholder={current() === 'managed' ? tAzure().optional : ''} /></label>
          </Show>
          <Show when={current() === 'secret'}>
            <label>{tAzure().secret}
              <input name="secret" type="password" required={!keeps()} autocomplete="new-password"
                placeholder={keeps() ? tAzure().kept : ''} /></label>
          </Show>
        </div>
        <p class="quiet">{tAzure().authHints[current()]}</p>
      </Show>
      <p class="azure-buttons">
        <button type="button" class="button" disabled={busy()} onClick={() => void check()}>
          {tAzure().check}</button>
        <Show when={!props.status.by_settings}>
          <button type="submit" class="primary" disabled={busy()}>{tAzure().save}</button>
          <Show when={props.status.set_up}>
            <Show when={sure()} fallback={
              <button type="button" class="button" onClick={() => setSure(true)}>
                {tAzure().remove}</button>}>
              <span>{tAzure().sure}</span>
              <button type="button" class="button" onClick={() => void forget()}>
                {tAzure().yes}</button>
              <button type="button" class="button" onClick={() => setSure(false)}>
                {tAzure().no}</button>
            </Show>
          </Show>
        </Show>
      </p>
      <p role="status" classList={{ bad: bad(), good: !bad() && said() !== '' }} dir="auto">{said()}</p>
      <Show when={steps()}>{(all) => <Steps steps={all()} />}</Show>
    </form>
  );
}
