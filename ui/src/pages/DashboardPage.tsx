// One dashboard: its widgets over a stretch of time, for what its variables say. All of that is in
// the address. Editing changes what is kept at once, and each change can be taken back. One that
// comes with the program is copied to be edited.
import { useNavigate, useParams } from '@solidjs/router';
import {
  createEffect, createMemo, createResource, createSignal, type JSX, onCleanup, Show,
} from 'solid-js';
import { key, type Problem } from '../api/client';
import { dashboardsApi } from '../api/dashboards';
import { tDashboards } from '../i18n/dashboards';
import { f, language } from '../i18n/language';
import { useAddress } from '../lib/address';
import {
  type Dashboard, isShipped, placed, type TemplateVariable, valuesOf, withoutWidget, withWidget,
} from '../lib/dashboard';
import { arranged, isFlowing, sameObjects } from '../lib/dashboard_layout';
import { every } from '../lib/fresh';
import { useShortcuts } from '../lib/keys';
import { latestOf } from '../lib/latest';
import { fileName, saveFile } from '../lib/save_file';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { type ListState, parseState, type Range, resolveRange } from '../lib/url_state';
import { AddWidget, JsonEditor, Presets, Variables } from '../parts/DashboardForms';
import { Icon } from '../parts/Icons';
import { Menu } from '../parts/Menu';
import { ProblemNotice, problemWords } from '../parts/Notice';
import { rangeWords, TimeRange } from '../parts/TimeRange';
import type { Arrange } from '../parts/WidgetHandles';
import { type Shown, WidgetGrid } from '../parts/Widgets';

const againEveryMs = 30_000;
const parameterOf = (variable: TemplateVariable) => `tpl_var_${variable.name}`;

// As the server has it: a number read and written here may not be the same afterwards.
async function save(dashboard: Dashboard): Promise<void> {
  const { blob } = await dashboardsApi.file(dashboard.id);
  saveFile(blob, fileName(dashboard.title, 'dashboard', 'json'));
}

// What a shipped dashboard says, in the language of the reader.
function useWords(kept: () => Dashboard) {
  const [spanish] = createResource(
    () => language() === 'es' && isShipped(kept()), () => import('../lib/shipped'));
  const isSpanish = () => language() === 'es' && isShipped(kept());
  const said = createMemo(() => {
    const words = latestOf(spanish);
    return words && isSpanish() ? words.reworded(kept(), words.inSpanish) : kept();
  });
  return { said, isReady: () => !isSpanish() || latestOf(spanish) !== undefined };
}

// The dashboard alone on the screen: `tv` in the address, so that a screen can open it so. The
// browser's own full screen comes with it when somebody presses the button.
function useTv(isOn: () => boolean, set: (on: boolean) => void) {
  const onFullscreen = () => { if (!document.fullscreenElement && isOn()) set(false); };
  document.addEventListener('fullscreenchange', onFullscreen);
  onCleanup(() => document.removeEventListener('fullscreenchange', onFullscreen));
  const leave = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    set(false);
  };
  useShortcuts({ Escape: () => { if (!isOn()) return false; leave(); return true; } });
  createEffect(() => document.documentElement.classList.toggle('tv', isOn()));
  onCleanup(() => document.documentElement.classList.remove('tv'));
  const enter = () => {
    set(true);
    // A browser may refuse; the page is without its frame all the same.
    void document.documentElement.requestFullscreen().catch(() => undefined);
  };
  return { enter, leave };
}

function Head(props: {
  dashboard: Dashboard; state: ListState; range: Range; isEdited: boolean; isTv: boolean;
  onRange: (from: string, to: string) => void; onEdit: () => void; onCopy: () => void;
  onTv: () => void; onLeave: () => void; onProblem: (problem: string) => void;
  picture: () => HTMLElement;
}): JSX.Element {
  const words = () => tDashboards();
  /* eslint-disable solid/reactivity -- run by events, where reading is not tracking */
  const tell = (work: () => Promise<void>) => {
    work().catch((error: unknown) => props.onProblem(problemWords(error)));
  };
  const saveJson = () => save(props.dashboard);
  const savePicture = async () => {
    const { pngOf } = await import('../lib/picture');
    saveFile(await pngOf(props.picture()), fileName(props.dashboard.title, 'dashboard', 'png'));
  };
  /* eslint-enable solid/reactivity */
  return (
    <div class="dashboard-head">
      <h1 dir="auto">{oneLine(props.dashboard.title)}</h1>
      <span class="spacer" />
      <Show when={!props.isTv} fallback={
        <>
          <span class="quiet">{rangeWords(props.state, props.range)} ·{' '}
            <span class="num">{f().time(props.range.toMs)}</span></span>
          <button type="button" class="bare picture-no" aria-label={words().leaveTv}
            title={words().leaveTv} onClick={() => props.onLeave()}><Icon name="close" /></button>
        </>}>
        <TimeRange state={props.state} range={props.range}
          onRange={(from, to) => props.onRange(from, to)} />
        <Show when={!isShipped(props.dashboard)} fallback={
          <button type="button" class="button picture-no" onClick={() => props.onCopy()}>
            <Icon name="copy" /> {words().editCopy}</button>}>
          <button type="button" class="button picture-no" onClick={() => props.onEdit()}
            aria-pressed={props.isEdited}>
            <Icon name="pencil" /> {props.isEdited ? words().done : words().edit}</button></Show>
        <Menu label={words().keepAs} icon="download" testId="dashboard-export">
          {(close) => (
            <div class="export-menu">
              <button type="button" class="menu-item" onClick={() => {
                close();
                tell(saveJson);
              }}>{words().export}</button>
              <button type="button" class="menu-item" onClick={() => {
                close();
                tell(savePicture);
              }}>{words().png}</button>
            </div>)}
        </Menu>
        <button type="button" class="bare picture-no" aria-label={words().full} title={words().full}
          onClick={() => props.onTv()}><Icon name="expand" /></button>
      </Show>
    </div>
  );
}

// What is on the page, and what it was before each change of this visit.
function createEdits(first: Dashboard, onProblem: (problem: string) => void) {
  const [history, setHistory] = createSignal<Dashboard[]>([first]);
  const dashboard = () => history().at(-1) ?? first;
  const keep = async (changed: Dashboard, after: (kept: Dashboard) => Dashboard[]) => {
    try {
      const kept = await dashboardsApi.put(dashboard().id, changed);
      setHistory(after(sameObjects(kept, changed)));
      onProblem('');
    } catch (error) {
      onProblem(problemWords(error));
    }
  };
  /* eslint-disable solid/reactivity -- run by events, where reading is not tracking */
  return {
    dashboard, canUndo: () => history().length > 1,
    change: (changed: Dashboard) => keep(changed, (kept) => [...history(), kept]),
    undo: () => {
      const before = history().at(-2);
      if (before) void keep(before, () => history().slice(0, -1));
    },
  };
  /* eslint-enable solid/reactivity */
}

// What it would be while a widget is held, and is once it is let go.
function createArrange(
  dashboard: () => Dashboard, change: (changed: Dashboard) => Promise<void>,
): Arrange & { held: () => Dashboard | null } {
  const [held, setHeld] = createSignal<Dashboard | null>(null);
  return {
    held, columns: () => placed(dashboard().widgets).columns,
    isFlowing: () => isFlowing(dashboard()),
    show: (at, step) => setHeld(arranged(dashboard(), at, step)),
    takeBack: () => setHeld(null),
    keep: async () => {
      const changed = held();
      if (changed) await change(changed);
      setHeld(null);
    },
  };
}

function Board(props: { kept: Dashboard }): JSX.Element {
  let box!: HTMLDivElement;
  const words = () => tDashboards();
  const navigate = useNavigate();
  const { text, setQuery } = useAddress();
  const [problem, setProblem] = createSignal('');
  // eslint-disable-next-line solid/reactivity -- a page of its own for each dashboard
  const { dashboard, canUndo, change: keep, undo } = createEdits(props.kept, setProblem);
  const change = (changed: Dashboard) => void keep(changed);
  const arrange = createArrange(dashboard, keep);
  const { said, isReady } = useWords(dashboard);
  const isEdited = () => text('edit') === '1' && !isShipped(dashboard());
  const isTv = () => text('tv') === '1';
  const tv = useTv(isTv, (on) => setQuery({ tv: on ? '1' : null, edit: null }));
  const [isRaw, setRaw] = createSignal(false);
  const [turn, setTurn] = createSignal(0);
  useTitle(() => oneLine(said().title));
  const state = () => parseState(new URLSearchParams({
    from: text('from') || 'now-4h', to: text('to') || 'now',
  }));
  const range = createMemo(() => { turn(); return resolveRange(state(), Date.now()); });
  every(againEveryMs, () => { if (state().to === 'now') setTurn((before) => before + 1); });
  const variables = () => dashboard().template_variables ?? [];
  const shown: Shown = {
    range,
    values: () => valuesOf(variables(), (name) => text(`tpl_var_${name}`)),
  };
  const copy = async () => {
    try {
      const { id } = await dashboardsApi.make(said());
      navigate(`/dashboards/${encodeURIComponent(id)}?edit=1`);
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return (
    <div class="page dashboard" classList={{ 'dashboard-tv': isTv() }} ref={box}>
      <Head dashboard={said()} state={state()} range={range()} isEdited={isEdited()} isTv={isTv()}
        onRange={(from, to) => setQuery({ from, to })} onCopy={() => void copy()}
        onEdit={() => setQuery({ edit: isEdited() ? null : '1' })} onTv={tv.enter}
        onLeave={tv.leave} onProblem={setProblem} picture={() => box} />
      <Show when={!isTv() && oneLine(said().description ?? '')}>
        {(description) => <p class="quiet" dir="auto">{description()}</p>}</Show>
      <Show when={!isTv() && (variables().length > 0 || isEdited())}>
        <div class="variables"><Variables variables={variables()}
          chosen={(one) => text(parameterOf(one)) || shown.values().get(one.name)?.value || ''}
          onChoose={(one, value) => setQuery({ [parameterOf(one)]: value || null })} />
          <Presets dashboard={dashboard()} values={shown.values()}
            isEdited={isEdited() && variables().length > 0}
            onChange={change} onChoose={(values) => setQuery(Object.fromEntries(
              Object.entries(values).map(([name, value]) => [`tpl_var_${name}`, value || null])))} />
        </div></Show>
      <Show when={isEdited()}>
        <div class="edit-tools">
          <button type="button" class="button" onClick={() => setRaw(true)}>{words().json}</button>
          <button type="button" class="button" disabled={!canUndo()} onClick={undo}>
            {words().undo}</button>
        </div></Show>
      <p class="bad" role="status" dir="auto">{problem()}</p>
      <Show when={dashboard().widgets.length > 0} fallback={<p class="empty">{words().empty}</p>}>
        <Show when={isReady()} fallback={<div class="skeleton skeleton-page" />}>
          <WidgetGrid widgets={said().widgets} shown={shown}
            {...(isEdited() ? {
              onRemove: (at: number) => change(withoutWidget(dashboard(), at)), arrange,
              arranged: (arrange.held() ?? dashboard()).widgets,
            } : {})} /></Show></Show>
      <Show when={isEdited()}>
        <AddWidget variables={variables()}
          onAdd={(definition) => change(withWidget(dashboard(), definition))} /></Show>
      <Show when={isRaw()}>
        <JsonEditor dashboard={dashboard()} onClose={() => setRaw(false)}
          onSave={(changed) => { setRaw(false); change(changed); }} /></Show>
    </div>
  );
}

export default function DashboardPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const [kept, { refetch }] = createResource(
    () => ({ id: params.id, key: key() }), (asked) => dashboardsApi.one(asked.id));
  return (
    <Show when={!kept.error} fallback={<div class="page"><ProblemNotice
      problem={kept.error as Problem} onRetry={() => void refetch()} /></div>}>
      <Show when={latestOf(kept)} keyed fallback={
        <div class="page"><div class="skeleton skeleton-page" /></div>}>
        {(dashboard) => <Board kept={dashboard} />}
      </Show>
    </Show>
  );
}
