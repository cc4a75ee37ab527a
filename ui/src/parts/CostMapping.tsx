// Says which model a deployment is, and shows what has been said.
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { costApi, type Mapping, type Prices } from '../api/cost';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { oneLine } from '../lib/text';
import { createForm, createRemoval, given, ModelList, validity } from './CostForms';

export const types = [
  'global', 'data_zone', 'regional', 'global_batch', 'data_zone_batch', 'provisioned',
] as const;

export function MappingForm(props: {
  name: string; prices: Prices | undefined; onSaved: () => void;
}): JSX.Element {
  const listId = createUniqueId();
  const [type, setType] = createSignal('global');
  const form = createForm((text) => costApi.map(given({
    deployment: text('deployment') ?? '', model: text('model') ?? '',
    resource: text('resource'), type: type(), from: text('from'), to: text('to'),
    monthly_usd: text('monthly_usd') === null ? null : Number(text('monthly_usd')),
  })), () => { props.onSaved(); });
  return (
    <form class="cost-form" data-testid="mapping-form" onSubmit={form.onSubmit}>
      <h2>{tCost().mapTitle}</h2>
      <p class="quiet">{tCost().mapExplain}</p>
      <div class="cost-fields">
        <label>{tCost().deployment}
          <input name="deployment" required value={props.name} /></label>
        <label>{tCost().model}
          <input name="model" required list={listId} autocomplete="off" /></label>
        <ModelList id={listId} prices={props.prices} />
        <label>{tCost().type}
          <select name="type" onChange={(event) => setType(event.currentTarget.value)}>
            <For each={types}>{(name) => <option value={name}>{tCost().types[name]}</option>}</For>
          </select></label>
        <Show when={type() === 'provisioned'}>
          <label>{tCost().monthly}
            <input name="monthly_usd" type="number" min="0" max="1000000" step="any" required /></label>
        </Show>
        <label>{tCost().resource}
          <input name="resource" placeholder={tCost().anyResource} /></label>
        <label>{tCost().from}<input name="from" type="date" /></label>
        <label>{tCost().to}<input name="to" type="date" /></label>
        <button type="submit" class="primary">{tCost().save}</button>
      </div>
      <form.Said />
    </form>
  );
}

export function Mappings(props: { mappings: Mapping[]; onChanged: () => void }): JSX.Element {
  const removal = createRemoval<Mapping>({
    name: (mapping) => oneLine(mapping.deployment),
    remove: (mapping) => costApi.unmap(mapping.id),
    again: (mapping) => costApi.map(given({ ...mapping, id: null })),
    done: () => { props.onChanged(); },
  });
  return (
    <section>
      <h2>{tCost().mappings}</h2>
      <Show when={props.mappings.length > 0}
        fallback={<p class="quiet">{tCost().noMappings}</p>}>
        <table class="pairs cost-table" data-testid="mappings">
          <tbody>
            <For each={props.mappings}>
              {(mapping) => (
                <tr>
                  <th scope="row"><bdi>{oneLine(mapping.deployment)}</bdi>{' '}
                    <span class="quiet">{oneLine(mapping.resource ?? '')}</span></th>
                  <td><bdi>{oneLine(mapping.model)}</bdi></td>
                  <td>{tCost().types[mapping.type as 'global']}
                    <Show when={mapping.monthly_usd !== null}>
                      {' '}{f().cost(mapping.monthly_usd ?? 0)}</Show></td>
                  <td class="num">{validity(mapping)}</td>
                  <td><button type="button" class="button" onClick={() => removal.remove(mapping)}
                    aria-label={`${tCost().remove} ${oneLine(mapping.deployment)}`}>
                    {tCost().remove}</button></td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <removal.Said />
    </section>
  );
}
