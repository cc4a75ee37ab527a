// A template as a person writes it: a text, or the messages of a chat as a JSON array. Pure.
import type { Message, Template } from '../api/prompts';

export function shownTemplate(template: Template): string {
  if (typeof template === 'string') return template;
  return template.map((one) => ('role' in one ? `${one.role}:\n${one.content}` : `{{${one.name}}}`))
    .join('\n\n');
}

export function editedTemplate(template: Template): string {
  return typeof template === 'string' ? template : JSON.stringify(template, null, 2);
}

const isMessage = (one: unknown): one is Message => {
  if (typeof one !== 'object' || one === null) return false;
  const fields = one as Record<string, unknown>;
  if (fields['type'] === 'placeholder') return typeof fields['name'] === 'string';
  return typeof fields['role'] === 'string' && typeof fields['content'] === 'string';
};

// Nothing for an array that is no chat. A text that begins with a bracket, and is no JSON, is a
// text.
export function readTemplate(text: string): Template | null {
  if (!text.trim().startsWith('[')) return text;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return text;
  }
  return Array.isArray(read) && read.length > 0 && read.every(isMessage) ? read : null;
}
