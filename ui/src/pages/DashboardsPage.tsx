// Which dashboards are there? Make one, or import one of Datadog's; those that come with Catalejo
// stand apart.
import { A, useNavigate } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type DashboardEntry, dashboardsApi } from '../api/dashboards';
import { tDashboards } from '../i18n/dashboards';
import { f, language } from '../i18n/language';
import { tCommon } from '../i18n/shell';
import { isDashboard } from '../lib/dashboard';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { createChange, createRemovable } from './removable';

const pathOf = (id: string) => `/dashboards/${encodeURIComponent(id)}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function Own(props: {
  entries: DashboardEntry[]; onRemove: (entry: DashboardEntry) => void;
}): JSX.Element {
  const words = () => tDashboards();
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
      <table class="pairs cost-table" data-testid="dashboards">
        <thead><tr><th scope="col">{words().name}</th>
          <th scope="col">{words().changed}</th><td /></tr></thead>
        <tbody>
          <For each={props.entries}>{(one) => (
            <tr>
              <th scope="row"><A href={pathOf(one.id)}><bdi>{oneLine(one.title)}</bdi></A></th>
              <td class="num">{f().dateTime(Date.parse(one.modified_at))}</td>
              <td><button type="button" class="bare"
                aria-label={words().remove(oneLine(one.title))}
                title={words().remove(oneLine(one.title))}
                onClick={() => props.onRemove(one)}><Icon name="close" /></button></td>
            </tr>)}</For>
        </tbody>
      </table>
    </div>
  );
}

function Shipped(props: { entries: DashboardEntry[] }): JSX.Element {
  const words = () => tDashboards();
  const [spanish] = createResource(() => language() === 'es', () => import('../lib/shipped'));
  const titleOf = (entry: DashboardEntry) =>
    (language() === 'es' ? latestOf(spanish)?.inSpanish(entry.title) : undefined) ?? entry.title;
  return (
    <section>
      <h2>{words().shipped}</h2>
      <ul class="shipped" data-testid="shipped">
        <For each={props.entries}>{(one) => (
          <li><A href={pathOf(one.id)}>{oneLine(titleOf(one))}</A></li>)}</For>
      </ul>
    </section>
  );
}

export default function DashboardsPage(): JSX.Element {
  const words = () => tDashboards();
  useTitle(() => words().title);
  const navigate = useNavigate();
  const [dashboards, { refetch }] =
    createResource(() => ({ key: key() }), () => dashboardsApi.list());
  const own = createRemovable<DashboardEntry>(dashboardsApi, () => refetch());
  const { problem, setProblem, change } = createChange(() => refetch());
  const make = (dashboard: unknown) => change(async () => {
    navigate(pathOf((await dashboardsApi.make(dashboard)).id));
  });
  const take = async (file: File | undefined) => {
    if (!file) return;
    const dashboard = parsed(await file.text());
    if (!isDashboard(dashboard)) { setProblem(words().importBad); return; }
    await make(dashboard);
  };
  return (
    <div class="page dashboards">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <Show when={own.removed()}>{(one) => (
        <p role="status" class="removed-note">{words().removed(oneLine(one().title))}{' '}
          <button type="button" class="link" onClick={() => void own.undo(one())}>
            {tCommon().undo}</button></p>)}</Show>
      <Show when={!dashboards.error} fallback={<ProblemNotice
        problem={dashboards.error as Problem} onRetry={() => void refetch()} />}>
        <Show when={dashboards.latest} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <>
              <Show when={all().some((one) => !one.is_read_only)}
                fallback={<p class="empty">{words().none}</p>}>
                <Own entries={all().filter((one) => !one.is_read_only)}
                  onRemove={(one) => void own.remove(one)} /></Show>
              <Shipped entries={all().filter((one) => one.is_read_only)} />
            </>)}
        </Show>
      </Show>
      <p class="bad" role="status" dir="auto">{problem() || own.problem()}</p>
      <form class="dashboard-make" data-testid="make-dashboard" onSubmit={(event) => {
        event.preventDefault();
        const title = String(new FormData(event.currentTarget).get('title')).trim();
        void make({ title, layout_type: 'ordered', widgets: [] });
      }}>
        <label>{words().name}<input name="title" required maxLength={200} /></label>
        <button type="submit" class="primary">{words().make}</button>
        <label class="button file-button"><Icon name="up" /> {words().import}
          <input type="file" accept="application/json,.json" class="off-screen"
            data-testid="import-dashboard" onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }} /></label>
      </form>
    </div>
  );
}
