// Parts of the pages about prompts.
import type { JSX } from 'solid-js';
import { tPrompts } from '../i18n/experiments';

export function TemplateField(props: { text: string }): JSX.Element {
  return (
    <label class="prompt-template">{tPrompts().template}
      <textarea name="template" rows={10} required spellcheck={false} dir="auto"
        class="mono" value={props.text} />
      <span class="quiet">{tPrompts().templateHint}</span></label>
  );
}
