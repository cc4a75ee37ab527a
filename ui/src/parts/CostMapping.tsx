// Says which model a deployment is, and shows what has been said.
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { Problem } from '../api/client';
import { costApi, type Mapping, type Prices } from '../api/cost';
import { f, t } from '../i18n';
import { oneLine } from '../lib/text';

const types = [
  'global', 'data_zone', 'regional', 'global_batch', 'data_zone_batch', 'provisioned',
] as const;

export function MappingForm(props: {
  name: string; prices: Prices | undefined; onSaved: () => void;
}): JSX.Element {
  const listId = createUniqueId();
  const [type, setType] = createSignal('global');
  const [problem, setProblem] = createSignal('');
  const [saved, setSaved] = createSignal(false);
  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim() || null;
    const monthly = text('monthly_usd');
    try {
      await costApi.map({
        deployment: text('deployment') ?? '', model: text('model') ?? '',
        resource: text('resource'), type: type(), from: text('from'), to: text('to'),
        ...(monthly === null ? {} : { monthly_usd: Number(monthly) }),
      });
      setProblem('');
      setSaved(true);
      props.onSaved();
    } catch (error) {
      setSaved(false);
      setProblem(error instanceof Problem ? error.message : String(error));
    }
  };
  return (
    <form class="cost-form" data-testid="mapping-form"
      onSubmit={(event) => { event.preventDefault(); void save(event.currentTarget); }}>
      <h2>{t().cost.mapTitle}</h2>
      <p class="quiet">{t().cost.mapExplain}</p>
      <div class="cost-fields">
        <label>{t().cost.deployment}
          <input name="deployment" required value={props.name} /></label>
        <label>{t().cost.model}
          <input name="model" required list={listId} autocomplete="off" /></label>
        <datalist id={listId}>
          <For each={props.prices?.models ?? []}>{(model) => <option value={model.model} />}</For>
        </datalist>
        <label>{t().cost.type}
          <select name="type" onChange={(event) => setType(event.currentTarget.value)}>
            <For each={types}>{(name) => <option value={name}>{t().cost.types[name]}</option>}</For>
          </select></label>
        <Show when={type() === 'provisioned'}>
          <label>{t().cost.monthly}
            <input name="monthly_usd" type="number" min="0" max="1000000" step="any" required /></label>
        </Show>
        <label>{t().cost.resource}
          <input name="resource" placeholder={t().cost.anyResource} /></label>
        <label>{t().cost.from}<input name="from" type="date" /></label>
        <label>{t().cost.to}<input name="to" type="date" /></label>
        <button type="submit" class="primary">{t().cost.save}</button>
      </div>
      <p role="status" classList={{ bad: problem() !== '', good: saved() }} dir="auto">
        {problem() || (saved() ? t().cost.saved : '')}</p>
    </form>
  );
}

export function Mappings(props: { mappings: Mapping[]; onChanged: () => void }): JSX.Element {
  const remove = async (id: number) => {
    await costApi.unmap(id).catch(() => undefined);
    props.onChanged();
  };
  const when = (mapping: Mapping) => [mapping.from, mapping.to].some(Boolean)
    ? `${mapping.from?.slice(0, 10) ?? '…'} – ${mapping.to?.slice(0, 10) ?? '…'}` : t().cost.always;
  return (
    <section>
      <h2>{t().cost.mappings}</h2>
      <Show when={props.mappings.length > 0}
        fallback={<p class="quiet">{t().cost.noMappings}</p>}>
        <table class="pairs cost-table" data-testid="mappings">
          <tbody>
            <For each={props.mappings}>
              {(mapping) => (
                <tr>
                  <th scope="row"><bdi>{oneLine(mapping.deployment)}</bdi>{' '}
                    <span class="quiet">{oneLine(mapping.resource ?? '')}</span></th>
                  <td><bdi>{oneLine(mapping.model)}</bdi></td>
                  <td>{t().cost.types[mapping.type as 'global']}
                    <Show when={mapping.monthly_usd !== null}>
                      {' '}{f().cost(mapping.monthly_usd ?? 0)}</Show></td>
                  <td class="num">{when(mapping)}</td>
                  <td><button type="button" class="button" onClick={() => void remove(mapping.id)}
                    aria-label={`${t().cost.remove} ${oneLine(mapping.deployment)}`}>
                    {t().cost.remove}</button></td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </section>
  );
}
