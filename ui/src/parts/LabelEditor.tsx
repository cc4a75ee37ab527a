// What a queue asks, label by label.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { Label, LabelType } from '../api/queues';
import { tQueues } from '../i18n/queues';

const types: LabelType[] = ['boolean', 'categorical', 'score', 'text'];

function labelOf(form: FormData, i: number, id: string | undefined): Label {
  const text = (name: string) => String(form.get(`${name}${i}`) ?? '').trim();
  const number = (name: 'min' | 'max' | 'step') =>
    (text(name) === '' ? {} : { [name]: Number(text(name)) });
  const type = text('type') as LabelType;
  return {
    ...(id ? { id } : {}),
    name: text('name'), type, is_required: form.has(`required${i}`),
    has_reasoning: form.has(`reasoning${i}`),
    ...(text('hint') ? { description: text('hint') } : {}),
    ...(text('evaluation') ? { evaluation: text('evaluation') } : {}),
    ...(type === 'categorical' ? {
      values: text('options').split(',').map((one) => one.trim()).filter(Boolean),
      multiple: form.has(`multiple${i}`),
    } : {}),
    ...(type === 'score' ? { ...number('min'), ...number('max'), ...number('step') } : {}),
  };
}

export function LabelEditor(props: {
  labels: Label[]; onSave: (labels: Label[]) => void;
}): JSX.Element {
  const words = () => tQueues().schema;
  // eslint-disable-next-line solid/reactivity -- where the editing begins
  const [labels, setLabels] = createSignal<Label[]>(props.labels.length > 0 ? props.labels
    : [{ name: '', type: 'boolean', is_required: true }]);
  const save = (form: HTMLFormElement) => {
    const data = new FormData(form);
    props.onSave(labels().map((label, i) => labelOf(data, i, label.id)));
  };
  return (
    <form data-testid="label-editor"
      onSubmit={(event) => { event.preventDefault(); save(event.currentTarget); }}>
      <ol class="label-editor">
        <For each={labels()}>
          {(label, i) => <LabelFields label={label} at={i()}
            onRemove={() => setLabels(labels().filter((one) => one !== label))} />}
        </For>
      </ol>
      <button type="button" class="button"
        onClick={() => setLabels([...labels(), { name: '', type: 'boolean' }])}>
        {words().add}</button>{' '}
      <button type="submit" class="primary">{words().save}</button>
    </form>
  );
}

function LabelFields(props: { label: Label; at: number; onRemove: () => void }): JSX.Element {
  const words = () => tQueues().schema;
  // eslint-disable-next-line solid/reactivity -- where the editing begins
  const [type, setType] = createSignal<LabelType>(props.label.type);
  const number = (name: 'min' | 'max' | 'step') => (
    <label>{words()[name]}<input name={`${name}${props.at}`} type="number" step="any"
      value={props.label[name] ?? ''} /></label>);
  const flag = (name: string, word: string, on: boolean | undefined) => (
    <label class="check"><span><input type="checkbox" name={`${name}${props.at}`}
      checked={on ?? false} /> {word}</span></label>);
  return (
    <li class="cost-fields">
      <label>{words().name}<input name={`name${props.at}`} required maxLength={80}
        pattern="[A-Za-z0-9_\-]+" title={words().nameRule} value={props.label.name} /></label>
      <label>{words().type}
        <select name={`type${props.at}`} value={type()}
          onChange={(event) => setType(event.currentTarget.value as LabelType)}>
          <For each={types}>{(one) => <option value={one} selected={one === type()}>
            {words().types[one]}</option>}</For>
        </select></label>
      <Show when={type() === 'categorical'}>
        <label>{words().options}<input name={`options${props.at}`} required
          value={(props.label.values ?? []).join(', ')} /></label>
        {flag('multiple', words().multiple, props.label.multiple)}
      </Show>
      <Show when={type() === 'score'}>{number('min')}{number('max')}{number('step')}</Show>
      <label>{words().hint}<input name={`hint${props.at}`} maxLength={2000}
        value={props.label.description ?? ''} /></label>
      <label>{words().evaluation}<input name={`evaluation${props.at}`} maxLength={80} pattern="[^.]+"
        value={props.label.evaluation ?? ''} placeholder={props.label.name} /></label>
      {flag('required', words().required, props.label.is_required)}
      {flag('reasoning', words().reasoning, props.label.has_reasoning)}
      <button type="button" class="link" onClick={() => props.onRemove()}
        aria-label={`${words().remove} ${props.label.name}`}>{words().remove}</button>
    </li>
  );
}
