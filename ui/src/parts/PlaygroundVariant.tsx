// One variant of what is asked: whom, with which messages and parameters; saved as a version of a
// prompt.
import { A } from '@solidjs/router';
import { createSignal, createUniqueId, For, Index, type JSX, Show } from 'solid-js';
import { promptsApi } from '../api/prompts';
import { tExperimentRuns } from '../i18n/experiment_runs';
import { tPlayground } from '../i18n/playground';
import { author } from '../lib/author';
import { type DraftMessage, type Role, roles, templateOf, type Variant } from '../lib/playground';
import { problemWords } from './Notice';

export function Messages(props: {
  messages: DraftMessage[]; onChange: (messages: DraftMessage[]) => void;
}): JSX.Element {
  const words = () => tPlayground();
  const put = (at: number, change: Partial<DraftMessage>) => props.onChange(
    props.messages.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return (
    <>
      <Index each={props.messages}>{(message, at) => (
        <div class="judge-message">
          <div class="judge-message-head">
            <select aria-label={`${words().role}: ${words().message(at + 1)}`}
              onChange={(event) => put(at, { role: event.currentTarget.value as Role })}>
              <For each={roles}>{(role) => (
                <option value={role} selected={role === message().role}>
                  {words().roles[role]}</option>)}</For>
            </select>
            <Show when={props.messages.length > 1}>
              <button type="button" class="link"
                aria-label={`${words().removeMessage}: ${words().message(at + 1)}`}
                onClick={() => props.onChange(props.messages.filter((_, index) => index !== at))}>
                {words().removeMessage}</button></Show>
          </div>
          <textarea rows={at === props.messages.length - 1 ? 5 : 3} dir="auto"
            aria-label={words().message(at + 1)} value={message().text}
            onInput={(event) => put(at, { text: event.currentTarget.value })} />
        </div>
      )}</Index>
      <button type="button" class="button" onClick={() => props.onChange(
        [...props.messages, { role: 'user', text: '' }])}>{words().addMessage}</button>
    </>
  );
}

function Save(props: { variant: Variant; prompt: string }): JSX.Element {
  const words = () => tPlayground();
  const [said, setSaid] = createSignal({ text: '', bad: false });
  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const id = String(data.get('prompt')).trim();
    const version = {
      template: templateOf(props.variant), author: author(),
      description: String(data.get('what')).trim(),
    };
    try {
      const known = await promptsApi.one(id);
      const made = known ? (await promptsApi.add(id, version)).version
        : (await promptsApi.make({ ...version, prompt_id: id, title: '' })).num_versions;
      setSaid({ text: words().saved(id, made), bad: false });
    } catch (error) {
      setSaid({ text: problemWords(error), bad: true });
    }
  };
  return (
    <details><summary>{words().save}</summary>
      <form class="cost-fields" data-testid="playground-save" onSubmit={(event) => {
        event.preventDefault();
        void save(event.currentTarget);
      }}>
        <label>{words().promptId}<input name="prompt" required maxLength={200}
          value={props.prompt} /></label>
        <label>{words().what}<input name="what" maxLength={2000} /></label>
        <button type="submit" class="button">{words().saveIt}</button>
      </form>
      <p role="status" classList={{ bad: said().bad }} dir="auto">{said().text}</p>
    </details>
  );
}

const numbers = [
  ['temperature', 'temperature'], ['topP', 'topP'], ['tokensMax', 'tokensMax'],
] as const;

// The deployment, and the parameters of the call.
export function Whom(props: {
  variant: Variant; deployments: string[]; onChange: (change: Partial<Variant>) => void;
}): JSX.Element {
  const words = () => tPlayground();
  return (
    <div class="cost-fields">
      <label>{words().deployment}
        <select name="deployment"
          onChange={(event) => props.onChange({ deployment: event.currentTarget.value })}>
          <For each={props.deployments}>{(one) => (
            <option value={one} selected={one === props.variant.deployment}>{one}</option>)}
          </For>
        </select></label>
      <For each={numbers}>{([field, word]) => (
        <label>{words()[word]}
          <input class="num" inputMode="decimal" size={8} name={field}
            placeholder={words().usual} value={props.variant[field]}
            onInput={(event) => props.onChange({ [field]: event.currentTarget.value })} />
        </label>)}</For>
    </div>
  );
}

export function PlaygroundVariant(props: {
  letter: string; variant: Variant; deployments: string[]; prompt: string;
  onChange: (change: Partial<Variant>) => void; onRemove: (() => void) | null;
  children: JSX.Element;
}): JSX.Element {
  const words = () => tPlayground();
  const title = createUniqueId();
  return (
    <section class="playground-variant" aria-labelledby={title} data-testid="playground-variant">
      <h2 id={title}>{words().variant(props.letter)}</h2>
      <Whom variant={props.variant} deployments={props.deployments} onChange={props.onChange} />
      <Messages messages={props.variant.messages}
        onChange={(messages) => props.onChange({ messages })} />
      <Show when={props.onRemove}>{(remove) => <>{' '}
        <button type="button" class="link" onClick={() => remove()()}>
          {words().removeVariant}</button></>}</Show>
      {props.children}
      <p><A class="button" href="/experiments/new" state={{ variant: {
        ...props.variant, messages: props.variant.messages.map((one) => ({ ...one })) } }}>
        {tExperimentRuns().onDataset}</A></p>
      <Save variant={props.variant} prompt={props.prompt} />
    </section>
  );
}
