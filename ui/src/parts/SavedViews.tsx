// Views the reader named: a menu to go to one, to keep the present one, to let one go.
import { useNavigate } from '@solidjs/router';
import { createSignal, For, type JSX, Show } from 'solid-js';
import { t } from '../i18n';
import { browserViews, type SavedView, type ViewStore } from '../lib/saved_views';
import { Icon } from './Icons';
import { Menu } from './Menu';

const here: ViewStore = browserViews(localStorage);

export function SavedViews(props: {
  path: string; query: string; store?: ViewStore;
}): JSX.Element {
  const navigate = useNavigate();
  const store = () => props.store ?? here;
  const [views, setViews] = createSignal<SavedView[]>(store().list());
  const [name, setName] = createSignal('');
  const read = () => setViews(store().list());
  const address = (view: SavedView) => `${view.path}${view.query ? `?${view.query}` : ''}`;
  const isHere = (view: SavedView) => view.path === props.path && view.query === props.query;
  return (
    <Menu label={t().saved.title} icon="bookmark" testId="saved-views">
      {(close) => (
        <div class="saved-views">
          <Show when={views().length > 0} fallback={<p class="quiet">{t().saved.empty}</p>}>
            <ul>
              <For each={views()}>
                {(view) => (
                  <li>
                    <button type="button" class="menu-item" aria-pressed={isHere(view)}
                      onClick={() => { close(); navigate(address(view)); }}>
                      <bdi>{view.name}</bdi></button>
                    <button type="button" class="bare" aria-label={t().saved.remove(view.name)}
                      onClick={() => { store().remove(view); read(); }}>
                      <Icon name="close" /></button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <form onSubmit={(event) => {
            event.preventDefault();
            const named = name().trim();
            if (!named) return;
            store().put({ name: named, path: props.path, query: props.query });
            setName('');
            read();
          }}>
            <label>{t().saved.name}
              <input type="text" maxLength={80} value={name()} data-testid="saved-name"
                onInput={(event) => setName(event.currentTarget.value)} /></label>
            <button type="submit" class="primary" disabled={!name().trim()}>{t().saved.keep}</button>
          </form>
          <p class="quiet">{t().saved.where}</p>
        </div>
      )}
    </Menu>
  );
}
