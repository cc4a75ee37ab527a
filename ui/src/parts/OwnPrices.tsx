// Prices of one's own: said, shown, removed.
import { createUniqueId, For, type JSX, Show } from 'solid-js';
import { costApi, type OwnPrice, type Prices, rates } from '../api/cost';
import { tCost } from '../i18n/cost';
import { f } from '../i18n/language';
import { oneLine } from '../lib/text';
import { createForm, createRemoval, given, ModelList, validity } from './CostForms';
import { types } from './CostMapping';

const tokenTypes = types.filter((name) => name !== 'provisioned');

function PriceForm(props: { prices: Prices | undefined; onSaved: () => void }): JSX.Element {
  const listId = createUniqueId();
  const form = createForm((text) => costApi.setPrice(given({
    model: text('model') ?? '', type: text('type'), note: text('note'),
    from: text('from'), to: text('to'),
    ...Object.fromEntries(rates.map((rate) => {
      const usd = text(rate);
      return [rate, usd === null ? null : Number(usd)];
    })),
  })), () => { props.onSaved(); });
  return (
    <form class="cost-form" data-testid="price-form" onSubmit={form.onSubmit}>
      <h2>{tCost().priceTitle}</h2>
      <p class="quiet">{tCost().priceExplain} {tCost().fixed}</p>
      <div class="cost-fields">
        <label>{tCost().model}
          <input name="model" required list={listId} autocomplete="off" /></label>
        <ModelList id={listId} prices={props.prices} />
        <label>{tCost().type}
          <select name="type">
            <option value="">{tCost().anyType}</option>
            <For each={tokenTypes}>
              {(name) => <option value={name}>{tCost().types[name]}</option>}</For>
          </select></label>
        <For each={rates}>
          {(rate) => (
            <label>{tCost().columns[rate]}
              <input name={rate} type="number" min="0" max="1000000" step="any"
                required={rate === 'input'} /></label>
          )}
        </For>
        <label>{tCost().from}<input name="from" type="date" /></label>
        <label>{tCost().to}<input name="to" type="date" /></label>
        <label>{tCost().note}<input name="note" placeholder={tCost().noteHint} /></label>
        <button type="submit" class="primary">{tCost().save}</button>
      </div>
      <form.Said />
    </form>
  );
}

export function OwnPrices(
  props: { prices: Prices | undefined; onChanged: () => void },
): JSX.Element {
  const removal = createRemoval<OwnPrice>({
    name: (price) => oneLine(price.model),
    remove: (price) => costApi.removePrice(price.id),
    again: (price) => costApi.setPrice(given({ ...price, id: null })),
    done: () => { props.onChanged(); },
  });
  const shown = () => rates.filter((rate) => props.prices?.own.some((each) => each[rate] !== null));
  return (
    <>
      <PriceForm prices={props.prices} onSaved={props.onChanged} />
      <section>
        <h2>{tCost().ownPrices}</h2>
        <Show when={(props.prices?.own.length ?? 0) > 0}
          fallback={<p class="quiet">{tCost().noOwnPrices}</p>}>
          <div class="cost-scroll" tabIndex={0} role="region" aria-label={tCost().ownPrices}>
            <table class="pairs cost-table" data-testid="own-prices">
              <thead><tr>
                <th scope="col">{tCost().model}</th>
                <th scope="col">{tCost().type}</th>
                <For each={shown()}>
                  {(rate) => <th scope="col">{tCost().columns[rate]}</th>}</For>
                <th scope="col">{tCost().from} – {tCost().to}</th>
                <th scope="col"><span class="off-screen">{tCost().remove}</span></th>
              </tr></thead>
              <tbody>
                <For each={props.prices?.own ?? []}>
                  {(price) => (
                    <tr>
                      <th scope="row"><bdi>{oneLine(price.model)}</bdi>{' '}
                        <span class="quiet">{oneLine(price.note ?? '')}</span></th>
                      <td>{price.type === null ? tCost().anyType
                        : tCost().types[price.type as 'global']}</td>
                      <For each={shown()}>
                        {(rate) => <td class="num">
                          {price[rate] === null ? '–' : f().cost(price[rate] ?? 0)}</td>}
                      </For>
                      <td class="num">{validity(price)}</td>
                      <td><button type="button" class="button"
                        onClick={() => { removal.remove(price); }}
                        aria-label={`${tCost().remove} ${oneLine(price.model)}`}>
                        {tCost().remove}</button></td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </div>
        </Show>
        <removal.Said />
      </section>
    </>
  );
}
