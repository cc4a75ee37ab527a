// Names as people say them. The full name always stays in a title or in the facts. Pure.

// "AzureOpenAI.createChatCompletion" → "createChatCompletion": the integration puts its client's
// class in front, the same on every row.
export function shortName(name: string): string {
  return name.replace(/^(?:Async)?(?:AzureOpenAI|OpenAI|Deepseek|DeepSeek)\./, '');
}

// "gpt-4o-2024-11-20" → "gpt-4o": a date of release tells rows apart only in a facet.
export function shortModel(model: string): string {
  return model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, '');
}

export interface Named {
  name: string;
  apm_name: string | null;
  resource: string | null;
  halves: string;
  span_id: string;
}

// An APM span's resource ("POST /chat") says more than its name ("http.request").
export function spanTitle(span: Named): string {
  if (span.halves === 'apm') return span.resource || span.apm_name || span.name || span.span_id;
  return shortName(span.name) || span.resource || span.apm_name || span.span_id;
}
