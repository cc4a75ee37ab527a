// What is tried in the playground: a prompt or a stored call as messages, its variables, and the
// request that is made of them. Pure.
import type { Asked } from '../api/playground';
import type { Message, Template } from '../api/prompts';
import type { Span } from '../api/types';
import { messagesOf } from './conversation';
import { textOf } from './text';

export const roles = ['system', 'user', 'assistant'] as const;
export type Role = (typeof roles)[number];
export interface DraftMessage { role: Role; text: string }
// Numbers as they were typed; empty is the model's own.
export interface Variant {
  deployment: string;
  messages: DraftMessage[];
  temperature: string;
  topP: string;
  tokensMax: string;
}

export const emptyVariant = (deployment: string): Variant => ({
  deployment, messages: [{ role: 'user', text: '' }], temperature: '', topP: '', tokensMax: '',
});

// "developer" is what models that reason call the system.
const roleOf = (role: unknown): Role | null =>
  role === 'developer' ? 'system' : roles.find((one) => one === role) ?? null;

export function messagesOfTemplate(template: Template): DraftMessage[] {
  if (typeof template === 'string') return [{ role: 'user', text: template }];
  return template.map((one: Message) => ('role' in one
    ? { role: roleOf(one.role) ?? 'user', text: one.content }
    : { role: 'user' as const, text: `{{${one.name}}}` }));
}

// What a call was asked. Calls of tools and their results are not texts, and are left out.
export function messagesOfSpan(span: Span): { messages: DraftMessage[]; leftOut: number } {
  const given = messagesOf(span.input);
  const messages = given.flatMap((message) => {
    const role = roleOf(message.role ?? 'user');
    const text = textOf(message.content);
    return role && text ? [{ role, text }] : [];
  });
  const value = span.input?.value;
  if (given.length === 0 && value !== undefined && value !== null) {
    return { messages: [{ role: 'user', text: textOf(value) }], leftOut: 0 };
  }
  return { messages, leftOut: given.length - messages.length };
}

const numberText = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

export function variantOfSpan(span: Span, deployments: string[]): Variant {
  const { messages } = messagesOfSpan(span);
  const metadata = span.metadata ?? {};
  const deployment = deployments.find((one) => one === span.deployment) ?? deployments[0] ?? '';
  return {
    ...emptyVariant(deployment), ...(messages.length > 0 ? { messages } : {}),
    temperature: numberText(metadata['temperature']), topP: numberText(metadata['top_p']),
    tokensMax: numberText(metadata['max_completion_tokens'] ?? metadata['max_tokens']),
  };
}

const variable = /\{\{\s*([\w.-]+)\s*\}\}/g;

export function variablesIn(variants: Variant[]): string[] {
  const names = variants.flatMap((one) => one.messages.flatMap(
    (message) => [...message.text.matchAll(variable)].map((found) => found[1] ?? '')));
  return [...new Set(names)];
}

// A variable without a value stays as it is written.
const filled = (text: string, values: Record<string, string>): string =>
  text.replace(variable, (written, name: string) => values[name] || written);

const numberOf = (text: string): number | undefined => {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
};

export function askedOf(variant: Variant, values: Record<string, string>): Asked {
  const [temperature, topP, tokensMax] =
    [variant.temperature, variant.topP, variant.tokensMax].map(numberOf);
  return {
    model_id: variant.deployment,
    messages: variant.messages.filter((one) => one.text.trim() !== '')
      .map((one) => ({ role: one.role, content: filled(one.text, values) })),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(tokensMax === undefined ? {} : { max_completion_tokens: tokensMax }),
  };
}

// One message of the user's is a text.
export function templateOf(variant: Variant): Template {
  const messages = variant.messages.filter((one) => one.text.trim() !== '');
  const [only] = messages;
  return messages.length === 1 && only?.role === 'user' ? only.text
    : messages.map((one) => ({ role: one.role, content: one.text }));
}
