// Parts of the pages about prompts.
import type { JSX } from 'solid-js';
import { t } from '../i18n';

export function TemplateField(props: { text: string }): JSX.Element {
  return (
    <label class="prompt-template">{t().prompts.template}
      <textarea name="template" rows={10} required spellcheck={false} dir="auto"
        class="mono" value={props.text} />
      <span class="quiet">{t().prompts.templateHint}</span></label>
  );
}
