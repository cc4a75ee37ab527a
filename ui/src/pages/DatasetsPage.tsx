// Which datasets are there? Make one, open one, remove one with undo.
import { A, useNavigate } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type Dataset, datasetsApi } from '../api/datasets';
import { tDatasets } from '../i18n/datasets';
import { f } from '../i18n/language';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { ProblemNotice } from '../parts/Notice';
import { RemovalStatus } from '../parts/RemovalStatus';
import { createRemovable } from './removable';

export default function DatasetsPage(): JSX.Element {
  const words = () => tDatasets();
  useTitle(() => words().title);
  const navigate = useNavigate();
  const [datasets, { refetch }] = createResource(() => ({ key: key() }), () => datasetsApi.list());
  const { problem, removed, change, remove, undo } =
    createRemovable<Dataset>(datasetsApi, () => refetch());
  const make = (form: HTMLFormElement) => {
    const data = new FormData(form);
    void change(async () => {
      const made = await datasetsApi.make(
        String(data.get('name')).trim(), String(data.get('description')).trim());
      navigate(`/datasets/${made.id}`);
    });
  };
  return (
    <div class="page datasets">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <RemovalStatus problem={problem()} removed={removed()} words={words().removed}
        testId="undo-dataset" onUndo={(one) => void undo(one)} />
      <Show when={!datasets.error} fallback={<ProblemNotice problem={datasets.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={latestOf(datasets)} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <Show when={all().length > 0} fallback={<p class="empty">{words().empty}</p>}>
              <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
                <table class="pairs cost-table" data-testid="datasets">
                  <thead><tr><th scope="col">{words().name}</th>
                    <th scope="col">{words().records}</th><th scope="col">{words().version}</th>
                    <th scope="col">{words().changed}</th><td /></tr></thead>
                  <tbody>
                    <For each={all()}>
                      {(one) => (
                        <tr>
                          <th scope="row"><A href={`/datasets/${one.id}`}>
                            <bdi>{oneLine(one.attributes.name)}</bdi></A>
                            <div class="quiet plain">
                              <bdi>{oneLine(one.attributes.description)}</bdi></div></th>
                          <td class="num">{f().number(one.attributes.records_count)}</td>
                          <td class="num">{f().number(one.attributes.current_version)}</td>
                          <td class="num">{f().dateTime(Date.parse(one.attributes.updated_at))}</td>
                          <td><button type="button" class="link" onClick={() => void remove(one)}
                            aria-label={`${words().remove}: ${one.attributes.name}`}>
                            {words().remove}</button></td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          )}
        </Show>
      </Show>
      <form class="cost-fields" data-testid="make-dataset"
        onSubmit={(event) => { event.preventDefault(); make(event.currentTarget); }}>
        <label>{words().name}<input name="name" required maxLength={200} /></label>
        <label>{words().description}<input name="description" maxLength={2000} /></label>
        <button type="submit" class="primary">{words().make}</button>
      </form>
    </div>
  );
}
