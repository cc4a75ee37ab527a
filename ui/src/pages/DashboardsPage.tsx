// Which dashboards are there? Make one, or import one of Datadog's.
import { A, useNavigate } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type DashboardEntry, dashboardsApi } from '../api/dashboards';
import { tDashboards } from '../i18n/dashboards';
import { f } from '../i18n/language';
import { tCommon } from '../i18n/shell';
import { isDashboard } from '../lib/dashboard';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { createChange } from './removable';

const pathOf = (id: string) => `/dashboards/${encodeURIComponent(id)}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export default function DashboardsPage(): JSX.Element {
  const words = () => tDashboards();
  useTitle(() => words().title);
  const navigate = useNavigate();
  const [removed, setRemoved] = createSignal<{ title: string; whole: unknown } | null>(null);
  const [dashboards, { refetch }] =
    createResource(() => ({ key: key() }), () => dashboardsApi.list());
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
  const remove = (entry: DashboardEntry) => change(async () => {
    const whole = await dashboardsApi.one(entry.id);
    await dashboardsApi.remove(entry.id);
    setRemoved({ title: entry.title, whole });
  });
  const undo = (whole: unknown) => change(async () => {
    await dashboardsApi.make(whole);
    setRemoved(null);
  });
  return (
    <div class="page dashboards">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <Show when={removed()}>{(one) => (
        <p role="status" class="removed-note">{words().removed(oneLine(one().title))}{' '}
          <button type="button" class="link" onClick={() => void undo(one().whole)}>
            {tCommon().undo}</button></p>)}</Show>
      <Show when={!dashboards.error} fallback={<ProblemNotice
        problem={dashboards.error as Problem} onRetry={() => void refetch()} />}>
        <Show when={dashboards.latest} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <Show when={all().length > 0} fallback={<p class="empty">{words().none}</p>}>
              <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
                <table class="pairs cost-table" data-testid="dashboards">
                  <thead><tr><th scope="col">{words().name}</th>
                    <th scope="col">{words().changed}</th><td /></tr></thead>
                  <tbody>
                    <For each={all()}>{(one) => (
                      <tr>
                        <th scope="row"><A href={pathOf(one.id)}>
                          <bdi>{oneLine(one.title)}</bdi></A></th>
                        <td class="num">{f().dateTime(Date.parse(one.modified_at))}</td>
                        <td><button type="button" class="bare"
                          aria-label={words().remove(oneLine(one.title))}
                          title={words().remove(oneLine(one.title))}
                          onClick={() => void remove(one)}><Icon name="close" /></button></td>
                      </tr>)}</For>
                  </tbody>
                </table>
              </div>
            </Show>)}
        </Show>
      </Show>
      <p class="bad" role="status" dir="auto">{problem()}</p>
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
