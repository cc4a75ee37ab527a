// Views somebody named: a menu to go to one, keep the present one, rename or remove one.
import { useNavigate } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key } from '../api/client';
import { type NewView, type View, viewsApi } from '../api/views';
import { tSaved } from '../i18n/saved';
import { tCommon, tProblem } from '../i18n/shell';
import { author } from '../lib/author';
import { latestOf } from '../lib/latest';
import { localViews, moveViews, viewAddress } from '../lib/saved_views';
import { Icon } from './Icons';
import { Menu } from './Menu';
import { problemWords } from './Notice';

export function SavedViews(props: { path: string; query: string }): JSX.Element {
  return (
    <Menu label={tSaved().title} icon="bookmark" testId="saved-views">
      {(close) => <ViewList path={props.path} query={props.query} close={close} />}
    </Menu>
  );
}

function ViewList(props: { path: string; query: string; close: () => void }): JSX.Element {
  const navigate = useNavigate();
  const words = () => tSaved();
  const [views, { refetch }] = createResource(key, () => viewsApi.list());
  const [name, setName] = createSignal('');
  const [renaming, setRenaming] = createSignal(0);
  const [removed, setRemoved] = createSignal<View | null>(null);
  const [local, setLocal] = createSignal(localViews(localStorage));
  const [problem, setProblem] = createSignal('');
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setProblem('');
      await refetch();
      return true;
    } catch (error) {
      setProblem(problemWords(error));
      return false;
    }
  };
  const put = (view: NewView) =>
    viewsApi.put({ ...view, ...(author() ? { author: author() } : {}) });
  const keep = async () => {
    const view = { name: name().trim(), path: props.path, query: props.query };
    if (view.name && await change(() => put(view))) setName('');
  };
  const rename = async (view: View, to: string) => {
    setRenaming(0);
    if (!to.trim() || to.trim() === view.name) return;
    await change(() => put(
      { id: view.id, name: to.trim(), path: view.path, query: view.query }));
  };
  const remove = async (view: View) => {
    if (await change(() => viewsApi.remove(view.id))) setRemoved(view);
  };
  const undo = (view: View) => change(async () => {
    await put({ name: view.name, path: view.path, query: view.query });
    setRemoved(null);
  });
  const move = async () => {
    await change(() => moveViews(localStorage, put));
    setLocal(localViews(localStorage));
  };
  return (
    <div class="saved-views">
      <Show when={(latestOf(views) ?? []).length > 0} fallback={
        <Show when={!views.loading && !views.error}><p class="quiet">{words().empty}</p></Show>}>
        <ul>
          <For each={latestOf(views)}>
            {(view) => (
              <li>
                <Show when={renaming() === view.id} fallback={
                  <button type="button" class="menu-item"
                    aria-pressed={view.path === props.path && view.query === props.query}
                    title={view.author ? words().by(view.author) : undefined}
                    onClick={() => { props.close(); navigate(viewAddress(view)); }}>
                    <bdi>{view.name}</bdi></button>}>
                  <input type="text" maxLength={80} value={view.name}
                    aria-label={words().rename(view.name)}
                    ref={(box) => queueMicrotask(() => box.select())}
                    onKeyDown={(event) => {
                      if (event.key === 'Enter') void rename(view, event.currentTarget.value);
                      else if (event.key === 'Escape') setRenaming(0);
                      else return;
                      event.stopPropagation();
                    }} onBlur={(event) => void rename(view, event.currentTarget.value)} />
                </Show>
                <button type="button" class="bare" aria-label={words().rename(view.name)}
                  onClick={() => setRenaming(view.id)}><Icon name="pencil" /></button>
                <button type="button" class="bare" aria-label={words().remove(view.name)}
                  onClick={() => void remove(view)}><Icon name="close" /></button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p role="status" classList={{ bad: problem() !== '' || Boolean(views.error) }} dir="auto">
        {problem() || (views.error ? tProblem().title : '')}
        <Show when={!problem() && removed()}>
          {(view) => <>{words().removed(view().name)}{' '}
            <button type="button" class="link" data-testid="undo-view"
              onClick={() => void undo(view())}>{tCommon().undo}</button></>}
        </Show></p>
      <Show when={local().length > 0}>
        <p>{words().local(local().length)}{' '}
          <button type="button" class="link" data-testid="move-views"
            onClick={() => void move()}>{words().move}</button></p>
      </Show>
      <form onSubmit={(event) => { event.preventDefault(); void keep(); }}>
        <label>{words().name}
          <input type="text" maxLength={80} value={name()} data-testid="saved-name"
            onInput={(event) => setName(event.currentTarget.value)} /></label>
        <button type="submit" class="primary" disabled={!name().trim()}>{words().keep}</button>
      </form>
      <p class="quiet">{words().where}</p>
    </div>
  );
}
