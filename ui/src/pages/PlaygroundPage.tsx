// The playground: messages, a prompt of the registry or a stored call, asked of a deployment of the
// reader's in one or two variants.
import { A, useSearchParams } from '@solidjs/router';
import {
  createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show, untrack,
} from 'solid-js';
import { createStore } from 'solid-js/store';
import { api, type Problem } from '../api/client';
import { type Answered, playgroundApi } from '../api/playground';
import { promptsApi } from '../api/prompts';
import { f } from '../i18n/language';
import { tPlayground } from '../i18n/playground';
import { latestOf } from '../lib/latest';
import {
  askedOf, emptyVariant, messagesOfSpan, messagesOfTemplate, type Variant, variablesIn,
  variantOfSpan,
} from '../lib/playground';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { PlaygroundAnswer } from '../parts/PlaygroundAnswer';
import { PlaygroundVariant } from '../parts/PlaygroundVariant';
import { PromptChoice } from '../parts/PromptChoice';

const letters = ['A', 'B'];

interface Tried { variant: Variant; answered: Answered | null; problem: string }

function Variables(props: {
  names: string[]; values: Record<string, string>; onChange: (name: string, value: string) => void;
}): JSX.Element {
  const words = () => tPlayground();
  return (
    <Show when={props.names.length > 0}>
      <fieldset class="playground-variables"><legend>{words().variables}</legend>
        <p class="quiet">{words().variablesHint}</p>
        <For each={props.names}>{(name) => (
          <label class="judge-wide"><code>{name}</code>
            <textarea rows={2} dir="auto" value={props.values[name] ?? ''}
              onInput={(event) => props.onChange(name, event.currentTarget.value)} /></label>)}
        </For>
      </fieldset>
    </Show>
  );
}

export default function PlaygroundPage(): JSX.Element {
  const words = () => tPlayground();
  useTitle(() => words().title);
  const [query, setQuery] = useSearchParams<{
    prompt?: string; version?: string; trace?: string; span?: string;
  }>();
  const [about, { refetch }] = createResource(() => playgroundApi.about());
  const [tried, setTried] = createStore<Tried[]>([]);
  const [values, setValues] = createStore<Record<string, string>>({});
  const [busy, setBusy] = createSignal(false);
  const [note, setNote] = createSignal({ text: '', bad: false });
  const deployments = () => latestOf(about)?.deployments ?? [];
  const begin = (variant: Variant) => setTried([{ variant, answered: null, problem: '' }]);

  const fromPrompt = async (id: string, version: string) => {
    const versions = await promptsApi.versions(id);
    const chosen = versions.find((one) => String(one.version) === version) ?? versions[0];
    if (!chosen) return;
    begin({
      ...emptyVariant(deployments()[0] ?? ''), messages: messagesOfTemplate(chosen.template),
    });
  };
  const fromSpan = async (trace: string, id: string) => {
    const found = (await api.tracePart(trace, { span: id })).spans.find(
      (one) => one.span_id === id);
    if (!found) return;
    const { leftOut } = messagesOfSpan(found);
    begin(variantOfSpan(found, deployments()));
    if (leftOut > 0) setNote({ text: words().leftOut(leftOut, f().number(leftOut)), bad: false });
  };
  // Whatever the address names is the beginning; what the day has used changes with each answer.
  const isKnown = createMemo(() => latestOf(about) !== undefined);
  createEffect(on(
    [isKnown, () => query.prompt, () => query.version, () => query.trace, () => query.span],
    ([known]) => {
      if (!known) return;
      setNote({ text: '', bad: false });
      begin(emptyVariant(deployments()[0] ?? ''));
      const work = query.prompt ? fromPrompt(query.prompt, query.version ?? '')
        : query.trace && query.span ? fromSpan(query.trace, query.span) : undefined;
      work?.catch((error: unknown) => setNote({ text: problemWords(error), bad: true }));
    },
  ));

  const askOne = async (at: number, variant: Variant) => {
    try {
      setTried(at, { answered: await playgroundApi.ask(askedOf(variant, values)), problem: '' });
    } catch (error) {
      setTried(at, { answered: null, problem: problemWords(error) });
    }
  };
  const ask = async () => {
    setBusy(true);
    await Promise.all(untrack(() => tried.map((one, at) => askOne(at, one.variant))));
    setBusy(false);
    void refetch();
  };
  const addVariant = () => {
    const first = untrack(() => tried[0]);
    if (!first) return;
    setTried(tried.length, {
      variant: structuredClone({ ...first.variant, messages: first.variant.messages.map(
        (one) => ({ ...one })) }),
      answered: null, problem: '',
    });
  };
  return (
    <div class="page judges playground" data-testid="playground-page">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <Show when={!about.error} fallback={<ProblemNotice problem={about.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={latestOf(about)}>{(known) => <>
          <Show when={known().deployments.length > 0} fallback={
            <p class="judge-warning" data-testid="no-deployment">{words().noDeployment}</p>}>
            <p class="quiet num" data-testid="playground-today">{words().today(
              f().number(known().today.calls),
              known().calls_per_day > 0 ? f().number(known().calls_per_day) : '',
              f().number(known().today.tokens))}</p>
            <PromptChoice prompt={query.prompt ?? ''} version={query.version ?? ''}
              onChoose={(prompt, version) => setQuery({
                prompt: prompt || null, version: version || null, trace: null, span: null })} />
            <Show when={query.trace}>{(trace) => (
              <p>{words().fromSpan}: <A href={`/traces/${trace()}`}>
                <code>{oneLine(trace())}</code></A></p>)}</Show>
            <p role="status" classList={{ bad: note().bad }} dir="auto">{note().text}</p>
            <form onSubmit={(event) => { event.preventDefault(); void ask(); }}
              id="playground-ask">
              <Variables names={variablesIn(tried.map((one) => one.variant))} values={values}
                onChange={(name, value) => setValues(name, value)} />
              <button type="submit" class="primary" disabled={busy()}>
                {busy() ? words().asking : tried.length > 1 ? words().askBoth : words().ask}
              </button>{' '}
              <Show when={tried.length < letters.length}>
                <button type="button" class="button" onClick={addVariant}>
                  {words().addVariant}</button></Show>
            </form>
            <div class="playground-variants" classList={{ two: tried.length > 1 }}>
              <For each={tried}>{(one, at) => (
                <PlaygroundVariant letter={letters[at()] ?? ''} variant={one.variant}
                  deployments={known().deployments} prompt={query.prompt ?? ''}
                  onChange={(change) => setTried(at(), 'variant', change)}
                  onRemove={tried.length > 1
                    ? () => setTried(tried.filter((_, index) => index !== at())) : null}>
                  <div role="status">
                    <Show when={one.problem}><p class="bad" dir="auto">{one.problem}</p></Show>
                    <Show when={one.answered}>
                      {(answered) => <PlaygroundAnswer answered={answered()} />}</Show>
                  </div>
                </PlaygroundVariant>)}</For>
            </div>
          </Show>
        </>}</Show>
      </Show>
    </div>
  );
}
