// One prompt: its versions, what changed between two of them, which one is deployed where, and a
// new one.
import { A, useNavigate, useParams, useSearchParams } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { promptsApi, type Version } from '../api/prompts';
import { tExperimentRuns } from '../i18n/experiment_runs';
import { tPrompts } from '../i18n/experiments';
import { f } from '../i18n/language';
import { tPlayground } from '../i18n/playground';
import { author } from '../lib/author';
import { diffWords } from '../lib/diff';
import { editedTemplate, readTemplate, shownTemplate } from '../lib/prompts';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { Sides } from '../parts/Compare';
import { Icon } from '../parts/Icons';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { TemplateField } from '../parts/PromptParts';

const usual = ['production', 'staging', 'development'];

export default function PromptPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [query, setQuery] = useSearchParams();
  const navigate = useNavigate();
  const words = () => tPrompts();
  const id = () => decodeURIComponent(params.id);
  const [status, setStatus] = createSignal({ text: '', bad: false });
  const [sure, setSure] = createSignal(false);
  const [prompt] = createResource(
    () => ({ id: id(), key: key() }), (asked) => promptsApi.one(asked.id));
  const [versions, { refetch }] = createResource(
    () => (prompt.latest ? id() : undefined), (asked) => promptsApi.versions(asked));
  const shown = () => versions.latest?.find((one) => String(one.version) === query['version'])
    ?? versions.latest?.[0];
  const other = () => versions.latest?.find((one) => String(one.version) === query['compare']);
  useTitle(() => id());
  const attempt = async (work: () => Promise<string>) => {
    try {
      setStatus({ text: await work(), bad: false });
      await refetch();
    } catch (error) {
      setStatus({ text: problemWords(error), bad: true });
    }
  };
  const setLabels = (version: Version, labels: string[], told: string) => void attempt(async () => {
    await promptsApi.label(id(), version.version, labels, author());
    return told;
  });
  const save = (form: HTMLFormElement) => void attempt(async () => {
    const data = new FormData(form);
    const template = readTemplate(String(data.get('template')));
    if (template === null) throw new Error(words().badChat);
    const made = await promptsApi.add(id(), {
      template, description: String(data.get('what')).trim(), author: author(),
    });
    setQuery({ version: null });
    return words().version(made.version);
  });
  const remove = () => void attempt(async () => {
    await promptsApi.remove(id());
    navigate('/prompts');
    return '';
  });
  return (
    <div class="page prompts" data-testid="prompt-page">
      <p><A href="/prompts" class="button"><Icon name="back" /> {words().title}</A></p>
      <h1><bdi>{oneLine(id())}</bdi></h1>
      <Show when={!prompt.error && !versions.error} fallback={<ProblemNotice
        problem={(prompt.error ?? versions.error) as Problem} onRetry={() => void refetch()} />}>
        <Show when={prompt.state === 'ready' && prompt() === null}>
          <p class="empty">{words().missing}</p></Show>
        <Show when={prompt.latest}>{(one) => <>
          <p dir="auto">{one().title}</p><p class="quiet" dir="auto">{one().description}</p></>}</Show>
        <p role="status" classList={{ bad: status().bad }} dir="auto">{status().text}</p>
        <Show when={shown()}>{(version) => (
          <div class="prompt-split">
            <Versions all={versions.latest ?? []} shown={version().version}
              onShow={(number) => setQuery({ version: String(number) })} />
            <section>
              <Labels version={version()} onChange={(labels, told) =>
                setLabels(version(), labels, told)} />
              <label>{words().compare}{' '}
                <select data-testid="compare-version"
                  onChange={(event) => setQuery({ compare: event.currentTarget.value || null })}>
                  <option value="" selected={!other()}>{words().nothing}</option>
                  <For each={(versions.latest ?? []).filter(
                    (one) => one.version !== version().version)}>
                    {(one) => <option value={one.version}
                      selected={one.version === other()?.version}>
                      {words().version(one.version)}</option>}</For>
                </select></label>
              <Show when={other()} fallback={<pre class="text" dir="auto" tabIndex={0}
                data-testid="template">{shownTemplate(version().template)}</pre>}>
                {(before) => <Sides changes={diffWords(
                  shownTemplate(before().template), shownTemplate(version().template))} />}
              </Show>
              <h2>{words().use}</h2>
              <pre class="text mono" tabIndex={0}>{
                `LLMObs.get_prompt(${JSON.stringify(id())}${
                  version().labels[0] ? `, label=${JSON.stringify(version().labels[0])}` : ''
                }, fallback="…").format(name="…")`}</pre>
              <p><A class="button" href={`/playground?${new URLSearchParams({
                prompt: id(), version: String(version().version) })}`}>{tPlayground().open}</A>{' '}
                <A class="button" href={`/experiments/new?${new URLSearchParams({
                  prompt: id(), prompt_version: String(version().version) })}`}>
                  {tExperimentRuns().open}</A></p>
              <details class="section"><summary>{words().newVersion}</summary>
                <form class="prompt-form" data-testid="new-version" onSubmit={(event) => {
                  event.preventDefault();
                  save(event.currentTarget);
                }}>
                  <TemplateField text={editedTemplate(version().template)} />
                  <label>{words().what}<input name="what" maxLength={2000} /></label>
                  <button type="submit" class="primary">{words().save}</button>
                </form></details>
              <p><Show when={sure()} fallback={
                <button type="button" class="link" onClick={() => setSure(true)}>
                  {words().remove}</button>}>
                {words().reallyRemove}{' '}
                <button type="button" class="button" onClick={remove}>{words().remove}</button>
              </Show></p>
            </section>
          </div>)}</Show>
      </Show>
    </div>
  );
}

function Versions(props: {
  all: Version[]; shown: number; onShow: (version: number) => void;
}): JSX.Element {
  const words = () => tPrompts();
  return (
    <ol class="prompt-versions" data-testid="prompt-versions">
      <For each={props.all}>{(one) => (
        <li><button type="button" class="button" aria-pressed={one.version === props.shown}
          onClick={() => props.onShow(one.version)}>
          {words().version(one.version)}
          <Show when={one.user_version}> · <bdi>{oneLine(one.user_version)}</bdi></Show></button>
          <For each={one.labels}>{(label) => <span class="badge"><bdi>{oneLine(label)}</bdi></span>}
          </For>
          <div class="quiet plain">{f().dateTime(Date.parse(one.created_at))}
            <Show when={one.author}> {words().by(oneLine(one.author))}</Show>
            <Show when={one.description}><div dir="auto">{one.description}</div></Show></div></li>
      )}</For>
    </ol>
  );
}

function Labels(props: {
  version: Version; onChange: (labels: string[], told: string) => void;
}): JSX.Element {
  const words = () => tPrompts();
  const put = (form: HTMLFormElement) => {
    const label = String(new FormData(form).get('label')).trim();
    form.reset();
    if (label) {
      props.onChange([...new Set([...props.version.labels, label])],
        words().moved(label, props.version.version));
    }
  };
  return (
    <div class="prompt-labels">
      <h2>{words().version(props.version.version)}</h2>
      <For each={props.version.labels}>{(label) => (
        <span class="badge"><bdi>{oneLine(label)}</bdi>
          <button type="button" class="bare" aria-label={words().removedLabel(label)}
            onClick={() => props.onChange(props.version.labels.filter((one) => one !== label), '')}>
            <Icon name="close" /></button></span>)}</For>
      <form data-testid="put-label"
        onSubmit={(event) => { event.preventDefault(); put(event.currentTarget); }}>
        <input name="label" list="prompt-label-names" maxLength={200} required
          aria-label={words().addLabel} placeholder={words().addLabel} />
        <datalist id="prompt-label-names"><For each={usual}>{(one) => <option value={one} />}
        </For></datalist>
        <button type="submit" class="button">{words().put}</button>
      </form>
    </div>
  );
}
