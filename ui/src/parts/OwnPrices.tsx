// Prices of one's own: said, shown, removed.
import { createUniqueId, For, type JSX, Show } from 'solid-js';
import { costApi, type OwnPrice, type Prices, rates } from '../api/cost';
import { f, t } from '../i18n';
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
      <h2>{t().cost.priceTitle}</h2>
      <p class="quiet">{t().cost.priceExplain} {t().cost.fixed}</p>
      <div class="cost-fields">
        <label>{t().cost.model}
          <input name="model" required list={listId} autocomplete="off" /></label>
        <ModelList id={listId} prices={props.prices} />
        <label>{t().cost.type}
          <select name="type">
            <option value="">{t().cost.anyType}</option>
            <For each={tokenTypes}>
              {(name) => <option value={name}>{t().cost.types[name]}</option>}</For>
          </select></label>
        <For each={rates}>
          {(rate) => (
            <label>{t().cost.columns[rate]}
              <input name={rate} type="number" min="0" max="1000000" step="any"
                required={rate === 'input'} /></label>
          )}
        </For>
        <label>{t().cost.from}<input name="from" type="date" /></label>
        <label>{t().cost.to}<input name="to" type="date" /></label>
        <label>{t().cost.note}<input name="note" placeholder={t().cost.noteHint} /></label>
        <button type="submit" class="primary">{t().cost.save}</button>
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
        <h2>{t().cost.ownPrices}</h2>
        <Show when={(props.prices?.own.length ?? 0) > 0}
          fallback={<p class="quiet">{t().cost.noOwnPrices}</p>}>
          <div class="cost-scroll" tabIndex={0} role="region" aria-label={t().cost.ownPrices}>
            <table class="pairs cost-table" data-testid="own-prices">
              <thead><tr>
                <th scope="col">{t().cost.model}</th>
                <th scope="col">{t().cost.type}</th>
                <For each={shown()}>
                  {(rate) => <th scope="col">{t().cost.columns[rate]}</th>}</For>
                <th scope="col">{t().cost.from} – {t().cost.to}</th>
                <th scope="col"><span class="off-screen">{t().cost.remove}</span></th>
              </tr></thead>
              <tbody>
                <For each={props.prices?.own ?? []}>
                  {(price) => (
                    <tr>
                      <th scope="row"><bdi>{oneLine(price.model)}</bdi>{' '}
                        <span class="quiet">{oneLine(price.note ?? '')}</span></th>
                      <td>{price.type === null ? t().cost.anyType
                        : t().cost.types[price.type as 'global']}</td>
                      <For each={shown()}>
                        {(rate) => <td class="num">
                          {price[rate] === null ? '–' : f().cost(price[rate] ?? 0)}</td>}
                      </For>
                      <td class="num">{validity(price)}</td>
                      <td><button type="button" class="button"
                        onClick={() => { removal.remove(price); }}
                        aria-label={`${t().cost.remove} ${oneLine(price.model)}`}>
                        {t().cost.remove}</button></td>
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
