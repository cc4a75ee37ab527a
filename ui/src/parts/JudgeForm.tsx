// A judge's draft: prompt with variables, form of the answer, what passes, which spans, budget.
import { createSignal, For, Index, type JSX, Show } from 'solid-js';
import { type Output, outputs, type Role, roles, type Settings } from '../api/judges';
import { tJudges } from '../i18n/judges';
import { kinds, listOf, passable, toggled } from '../lib/judges';

interface Part { draft: Settings; set: (part: Partial<Settings>) => void }

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));

function NumberField(props: {
  label: string; value: number | null; min?: number; max?: number; hint?: string;
  onValue: (value: number | null) => void;
}): JSX.Element {
  return (
    <label>{props.label}
      <input type="number" step="any" min={props.min} max={props.max} value={props.value ?? ''}
        placeholder={props.hint} title={props.hint}
        onInput={(event) => props.onValue(numberOf(event.currentTarget.value))} /></label>
  );
}

function Checks(props: {
  legend: string; all: readonly string[]; chosen: string[]; words?: (value: string) => string;
  onToggle: (value: string) => void;
}): JSX.Element {
  return (
    <fieldset class="judge-checks">
      <legend>{props.legend}</legend>
      <For each={props.all}>
        {(value) => (
          <label class="check"><input type="checkbox" checked={props.chosen.includes(value)}
            onChange={() => props.onToggle(value)} />{' '}
            <bdi>{props.words?.(value) ?? value}</bdi></label>
        )}
      </For>
    </fieldset>
  );
}

function Prompt(props: Part & { variables: string[] }): JSX.Element {
  const [at, setAt] = createSignal(0);
  const boxes: HTMLTextAreaElement[] = [];
  const put = (index: number, part: { role?: Role; text?: string }) =>
    props.set({
      prompt: props.draft.prompt.map((one, i) => (i === index ? { ...one, ...part } : one)),
    });
  const insert = (variable: string) => {
    const index = Math.min(at(), props.draft.prompt.length - 1);
    const box = boxes[index];
    if (!box) return;
    box.setRangeText(`{{${variable}}}`, box.selectionStart, box.selectionEnd, 'end');
    put(index, { text: box.value });
    box.focus();
  };
  return (
    <fieldset>
      <legend>{tJudges().prompt}</legend>
      <Index each={props.draft.prompt}>
        {(message, index) => (
          <div class="judge-message">
            <div class="judge-message-head">
              <select aria-label={`${tJudges().role}, ${tJudges().message(index + 1)}`}
                value={message().role}
                onChange={(event) => put(index, { role: event.currentTarget.value as Role })}>
                <For each={roles}>
                  {(role) => <option value={role} selected={role === message().role}>
                    {tJudges().roles[role]}</option>}</For>
              </select>
              <Show when={props.draft.prompt.length > 1}>
                <button type="button" class="link"
                  aria-label={`${tJudges().removeMessage} ${index + 1}`}
                  onClick={() => props.set({
                    prompt: props.draft.prompt.filter((_, i) => i !== index),
                  })}>{tJudges().removeMessage}</button></Show>
            </div>
            <textarea ref={(box) => { boxes[index] = box; }} rows="5" dir="auto" spellcheck={false}
              aria-label={tJudges().message(index + 1)} value={message().text}
              onFocus={() => setAt(index)}
              onInput={(event) => put(index, { text: event.currentTarget.value })} />
          </div>
        )}
      </Index>
      <button type="button" class="button" onClick={() => props.set({
        prompt: [...props.draft.prompt, { role: 'user', text: '' }],
      })}>{tJudges().addMessage}</button>
      <p class="judge-variables"><span class="quiet">{tJudges().variables}</span>{' '}
        <For each={props.variables}>
          {(variable) => (
            <button type="button" class="button code" onClick={() => insert(variable)}>
              {variable}</button>
          )}
        </For></p>
      <p class="quiet">{tJudges().variablesHint}</p>
    </fieldset>
  );
}

function Schema(props: Part): JSX.Element {
  const [bad, setBad] = createSignal(false);
  const read = (text: string) => {
    try {
      const value: unknown = JSON.parse(text);
      const fits = typeof value === 'object' && value !== null && !Array.isArray(value);
      setBad(!fits);
      if (fits) props.set({ schema: value as Record<string, unknown> });
    } catch {
      setBad(true);
    }
  };
  return (
    <label class="judge-wide">{tJudges().schema}
      <textarea rows="6" class="code" spellcheck={false} aria-invalid={bad()}
        value={JSON.stringify(props.draft.schema ?? { type: 'object' }, null, 2)}
        onChange={(event) => read(event.currentTarget.value)} />
      <Show when={bad()}><span class="bad" role="alert">{tJudges().badSchema}</span></Show></label>
  );
}

function Answer(props: Part): JSX.Element {
  const criteria = (part: Partial<Settings['criteria']>) =>
    props.set({ criteria: { ...props.draft.criteria, ...part } });
  const truth = (value: string) =>
    (props.draft.output !== 'boolean' ? value : value === 'true' ? tJudges().yes : tJudges().no);
  return (
    <fieldset>
      <legend>{tJudges().output}</legend>
      <div class="cost-fields">
        <label>{tJudges().output}
          <select name="output" value={props.draft.output} onChange={(event) => props.set({
            output: event.currentTarget.value as Output,
            ...(event.currentTarget.value === 'json' && !props.draft.schema
              ? { schema: { type: 'object' } } : {}),
          })}>
            <For each={outputs}>{(one) => <option value={one} selected={one === props.draft.output}>
              {tJudges().outputs[one]}</option>}</For>
          </select></label>
        <Show when={props.draft.output === 'score'}>
          <NumberField label={tJudges().from} value={props.draft.score_min}
            onValue={(value) => props.set({ score_min: value ?? 0 })} />
          <NumberField label={tJudges().to} value={props.draft.score_max}
            onValue={(value) => props.set({ score_max: value ?? 1 })} />
          <NumberField label={tJudges().atLeast} value={props.draft.criteria.score_min}
            onValue={(value) => criteria({ score_min: value })} />
          <NumberField label={tJudges().atMost} value={props.draft.criteria.score_max}
            onValue={(value) => criteria({ score_max: value })} />
        </Show>
        <label class="check"><input type="checkbox" checked={props.draft.reasoning}
          onChange={(event) => props.set({ reasoning: event.currentTarget.checked })} />{' '}
          {tJudges().reasoning}</label>
      </div>
      <Show when={props.draft.output === 'categorical'}>
        <label class="judge-wide">{tJudges().categories}
          <input name="categories" value={props.draft.categories.join(', ')}
            placeholder={tJudges().commas} required
            onChange={(event) => props.set({ categories: listOf(event.currentTarget.value) })} />
        </label></Show>
      <Show when={props.draft.output === 'json'}><Schema {...props} /></Show>
      <Show when={passable(props.draft).length > 0}>
        <Checks legend={tJudges().criteria} all={passable(props.draft)} words={truth}
          chosen={props.draft.criteria.pass_values}
          onToggle={(value) => criteria({
            pass_values: toggled(props.draft.criteria.pass_values, value),
          })} />
        <Show when={props.draft.criteria.pass_values.length === 0}>
          <p class="quiet">{tJudges().noCriteria}</p></Show>
      </Show>
    </fieldset>
  );
}

function Scope(props: Part): JSX.Element {
  return (
    <fieldset>
      <legend>{tJudges().scope}</legend>
      <Checks legend={tJudges().kinds} all={kinds} chosen={props.draft.kinds}
        onToggle={(value) => props.set({ kinds: toggled(props.draft.kinds, value) })} />
      <div class="cost-fields">
        <label>{tJudges().apps}
          <input name="apps" value={props.draft.apps.join(', ')} placeholder={tJudges().all}
            onChange={(event) => props.set({ apps: listOf(event.currentTarget.value) })} /></label>
        <label>{tJudges().query}
          <input name="query" value={props.draft.query} placeholder="@status:error"
            spellcheck={false}
            onInput={(event) => props.set({ query: event.currentTarget.value })} /></label>
        <NumberField label={tJudges().sampling} min={0} max={100}
          value={Math.round(props.draft.sampling * 1e4) / 100}
          onValue={(value) => props.set({ sampling: (value ?? 0) / 100 })} />
      </div>
    </fieldset>
  );
}

function Budget(props: Part): JSX.Element {
  return (
    <fieldset>
      <legend>{tJudges().budget}</legend>
      <div class="cost-fields">
        <NumberField label={tJudges().calls} value={props.draft.calls_per_day} min={0}
          hint={tJudges().unlimited}
          onValue={(value) => props.set({ calls_per_day: value ?? 0 })} />
        <NumberField label={tJudges().tokens} value={props.draft.tokens_per_day} min={0}
          hint={tJudges().unlimited}
          onValue={(value) => props.set({ tokens_per_day: value ?? 0 })} />
        <NumberField label={tJudges().maximum} value={props.draft.output_tokens_max} min={1}
          onValue={(value) => props.set({ output_tokens_max: value ?? 1000 })} />
        <NumberField label={tJudges().temperature} value={props.draft.temperature} min={0} max={2}
          hint={tJudges().usual} onValue={(value) => props.set({ temperature: value })} />
      </div>
    </fieldset>
  );
}

export function JudgeForm(props: {
  name: string; draft: Settings; variables: string[]; deployments: string[];
  onName: (name: string) => void; onDraft: (draft: Settings) => void; onSave: () => void;
  onClose: () => void;
}): JSX.Element {
  const set = (part: Partial<Settings>) => props.onDraft({ ...props.draft, ...part });
  return (
    <form data-testid="judge-form"
      onSubmit={(event) => { event.preventDefault(); props.onSave(); }}>
      <div class="cost-fields">
        <label>{tJudges().name}<input name="name" required maxLength={100} value={props.name}
          onInput={(event) => props.onName(event.currentTarget.value)} /></label>
        <label>{tJudges().label}<input name="label" required maxLength={100} pattern="[^.]+"
          title={tJudges().labelHint} value={props.draft.label}
          onInput={(event) => set({ label: event.currentTarget.value })} /></label>
        <label>{tJudges().deployment}
          <select name="deployment" value={props.draft.deployment}
            onChange={(event) => set({ deployment: event.currentTarget.value })}>
            <option value="" selected={props.draft.deployment === ''}>{tJudges().firstOne}</option>
            <For each={props.deployments}>{(one) => (
              <option value={one} selected={one === props.draft.deployment}>{one}</option>)}</For>
          </select></label>
      </div>
      <Prompt draft={props.draft} set={set} variables={props.variables} />
      <Answer draft={props.draft} set={set} />
      <Scope draft={props.draft} set={set} />
      <Budget draft={props.draft} set={set} />
      <button type="submit" class="primary">{tJudges().save}</button>{' '}
      <button type="button" class="button" onClick={() => props.onClose()}>
        {tJudges().close}</button>
    </form>
  );
}
