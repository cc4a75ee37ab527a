// Which prompts are in the registry, and which version of each is deployed where? Make one.
import { A, useNavigate } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { promptsApi } from '../api/prompts';
import { tPrompts } from '../i18n/experiments';
import { f } from '../i18n/language';
import { author } from '../lib/author';
import { readTemplate } from '../lib/prompts';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { TemplateField } from '../parts/PromptParts';

export default function PromptsPage(): JSX.Element {
  const words = () => tPrompts();
  useTitle(() => words().title);
  const navigate = useNavigate();
  const [problem, setProblem] = createSignal('');
  const [prompts, { refetch }] = createResource(() => ({ key: key() }), () => promptsApi.list());
  const make = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const template = readTemplate(String(data.get('template')));
    if (template === null) { setProblem(words().badChat); return; }
    try {
      const made = await promptsApi.make({
        prompt_id: String(data.get('id')).trim(), title: String(data.get('title')).trim(),
        template, author: author(),
      });
      navigate(`/prompts/${encodeURIComponent(made.prompt_id)}`);
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return (
    <div class="page prompts">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <Show when={!prompts.error} fallback={<ProblemNotice problem={prompts.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={prompts.latest} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <Show when={all().length > 0} fallback={<p class="empty">{words().none}</p>}>
              <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
                <table class="pairs cost-table" data-testid="prompts">
                  <thead><tr><th scope="col">{words().id}</th><th scope="col">{words().labels}</th>
                    <th scope="col">{words().versions}</th>
                    <th scope="col">{words().changed}</th></tr></thead>
                  <tbody>
                    <For each={all()}>{(one) => (
                      <tr>
                        <th scope="row"><A href={`/prompts/${encodeURIComponent(one.prompt_id)}`}>
                          <bdi>{oneLine(one.prompt_id)}</bdi></A>
                          <div class="quiet plain"><bdi>{oneLine(one.title)}</bdi></div></th>
                        <td><For each={one.labels}>{(label) => (
                          <span class="badge"><bdi>{oneLine(label.label)}</bdi>{' '}
                            <b class="num">{f().number(label.version)}</b></span>)}</For></td>
                        <td class="num">{f().number(one.num_versions)}</td>
                        <td class="num">
                          {f().dateTime(Date.parse(one.last_version_created_at))}</td>
                      </tr>)}</For>
                  </tbody>
                </table>
              </div>
            </Show>
          )}
        </Show>
      </Show>
      <h2>{words().make}</h2>
      <form class="prompt-form" data-testid="make-prompt"
        onSubmit={(event) => { event.preventDefault(); void make(event.currentTarget); }}>
        <div class="cost-fields">
          <label>{words().id}<input name="id" required maxLength={200} pattern="[^\/]+" /></label>
          <label>{words().titleField}<input name="title" maxLength={200} /></label>
        </div>
        <TemplateField text="" />
        <p class="bad" role="status" dir="auto">{problem()}</p>
        <button type="submit" class="primary">{words().make}</button>
      </form>
    </div>
  );
}
