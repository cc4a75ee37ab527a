import { describe, expect, it } from 'vitest';
import {
  askedOf, emptyVariant, messagesOfSpan, messagesOfTemplate, templateOf, variablesIn,
  variantOfSpan,
} from '../src/lib/playground';
import type { Span } from '../src/api/types';
import { makeSpan } from './make';

const span = (over: Partial<Span>) => makeSpan('1', null, 0, 1, over);

describe('what is tried', () => {
  it('comes from a prompt, chat or text', () => {
    expect(messagesOfTemplate('Hi {{name}}')).toEqual([{ role: 'user', text: 'Hi {{name}}' }]);
    expect(messagesOfTemplate([
      { role: 'developer', content: 'Be brief.' }, { type: 'placeholder', name: 'history' },
    ])).toEqual([{ role: 'system', text: 'Be brief.' }, { role: 'user', text: '{{history}}' }]);
  });
  it('comes from a stored call, without its tools', () => {
    const stored = span({
      deployment: 'chat-prod', metadata: { temperature: 0.2, max_tokens: 50 },
      input: { messages: [
        { role: 'system', content: 'Be brief.' }, { role: 'user', content: '¿Cuánto?' },
        { role: 'assistant', tool_calls: [{ name: 'price' }] }, { role: 'tool', content: '3' },
      ] },
    });
    expect(messagesOfSpan(stored).leftOut).toBe(2);
    expect(variantOfSpan(stored, ['other', 'chat-prod'])).toEqual({
      deployment: 'chat-prod', temperature: '0.2', topP: '', tokensMax: '50',
      messages: [{ role: 'system', text: 'Be brief.' }, { role: 'user', text: '¿Cuánto?' }],
    });
    expect(variantOfSpan(stored, ['other']).deployment).toBe('other');
    const value = span({ input: { value: 'plain' } });
    expect(messagesOfSpan(value).messages).toEqual([{ role: 'user', text: 'plain' }]);
  });
});

describe('what is asked', () => {
  const variant = {
    ...emptyVariant('chat-prod'), temperature: '0,5', tokensMax: 'many',
    messages: [{ role: 'user' as const, text: 'Hi {{ name }}, {{other}}' },
      { role: 'user' as const, text: '  ' }],
  };
  it('has its variables filled, and its numbers read', () => {
    expect(variablesIn([variant, variant])).toEqual(['name', 'other']);
    expect(askedOf(variant, { name: 'Ada $1' })).toEqual({
      model_id: 'chat-prod', temperature: 0.5,
      messages: [{ role: 'user', content: 'Hi Ada $1, {{other}}' }],
    });
  });
  it('is kept as it was written', () => {
    expect(templateOf(variant)).toBe('Hi {{ name }}, {{other}}');
    expect(templateOf({ ...variant, messages: [{ role: 'system', text: 'x' }] }))
      .toEqual([{ role: 'system', content: 'x' }]);
  });
});
