// A prompt of the registry to begin with, and which version of it.
import { createResource, For, type JSX, Show } from 'solid-js';
import { promptsApi } from '../api/prompts';
import { tPlayground } from '../i18n/playground';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';

export function PromptChoice(props: {
  prompt: string; version: string; onChoose: (prompt: string, version: string) => void;
}): JSX.Element {
  const words = () => tPlayground();
  const [all] = createResource(() => promptsApi.list());
  const [versions] = createResource(() => props.prompt || undefined,
    (id) => promptsApi.versions(id).catch(() => []));
  return (
    <div class="cost-fields" data-testid="playground-prompt">
      <label>{words().fromPrompt}
        <select name="prompt" onChange={(event) => props.onChoose(event.currentTarget.value, '')}>
          <option value="">{words().pick}</option>
          <For each={latestOf(all) ?? []}>{(one) => (
            <option value={one.prompt_id} selected={one.prompt_id === props.prompt}>
              {oneLine(one.prompt_id)}</option>)}</For>
        </select></label>
      <Show when={props.prompt}>
        <label>{words().version}
          <select name="version"
            onChange={(event) => props.onChoose(props.prompt, event.currentTarget.value)}>
            <For each={latestOf(versions) ?? []}>{(one) => (
              <option value={one.version} selected={String(one.version) === props.version}>
                {words().versionNumber(one.version)} {one.labels.join(', ')}</option>)}</For>
          </select></label></Show>
    </div>
  );
}
