// Which queues are there, and how far are they? Make one, open one, remove one with undo.
import { A, useNavigate } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type Queue, queuesApi } from '../api/queues';
import { f } from '../i18n/language';
import { tQueues } from '../i18n/queues';
import { author } from '../lib/author';
import { latestOf } from '../lib/latest';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { ProblemNotice } from '../parts/Notice';
import { RemovalStatus } from '../parts/RemovalStatus';
import { createRemovable } from './removable';

export default function QueuesPage(): JSX.Element {
  const words = () => tQueues();
  useTitle(() => words().title);
  const navigate = useNavigate();
  const [queues, { refetch }] = createResource(() => ({ key: key() }), () => queuesApi.list());
  const { problem, removed, change, remove, undo } =
    createRemovable<Queue>(queuesApi, () => refetch());
  const make = (form: HTMLFormElement) => {
    const data = new FormData(form);
    void change(async () => {
      const made = await queuesApi.make({
        name: String(data.get('name')).trim(), description: String(data.get('description')).trim(),
        reviewers: Number(data.get('reviewers')), author: author(),
      });
      navigate(`/queues/${made.id}`);
    });
  };
  return (
    <div class="page datasets">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <RemovalStatus problem={problem()} removed={removed()} words={words().removed}
        testId="undo-queue" onUndo={(one) => void undo(one)} />
      <Show when={!queues.error} fallback={<ProblemNotice problem={queues.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={latestOf(queues)} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <Show when={all().length > 0} fallback={<p class="empty">{words().empty}</p>}>
              <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
                <table class="pairs cost-table" data-testid="queues">
                  <thead><tr><th scope="col">{words().name}</th>
                    <th scope="col">{words().done}</th><th scope="col">{words().labels}</th>
                    <th scope="col">{words().changed}</th><td /></tr></thead>
                  <tbody><For each={all()}>{(one) => (
                    <QueueRow queue={one} onRemove={() => void remove(one)} />)}</For></tbody>
                </table>
              </div>
            </Show>
          )}
        </Show>
      </Show>
      <form class="cost-fields" data-testid="make-queue"
        onSubmit={(event) => { event.preventDefault(); make(event.currentTarget); }}>
        <label>{words().name}<input name="name" required maxLength={200} /></label>
        <label>{words().description}<input name="description" maxLength={2000} /></label>
        <label>{words().reviewers}
          <input name="reviewers" type="number" min={1} max={10} value={1} required /></label>
        <button type="submit" class="primary">{words().make}</button>
      </form>
    </div>
  );
}

function QueueRow(props: { queue: Queue; onRemove: () => void }): JSX.Element {
  const words = () => tQueues();
  const said = () => props.queue.attributes;
  return (
    <tr>
      <th scope="row"><A href={`/queues/${props.queue.id}`}><bdi>{oneLine(said().name)}</bdi></A>
        <div class="quiet plain"><bdi>{oneLine(said().description)}</bdi></div></th>
      <td class="num">{f().number(said().done)} / {f().number(said().items)}</td>
      <td><bdi>{said().annotation_schema.label_schemas.map((one) => one.name).join(', ')}</bdi></td>
      <td class="num">{f().dateTime(Date.parse(said().modified_at))}</td>
      <td><A class="link" href={`/queues/${props.queue.id}/review`}>{words().review}</A>{' '}
        <button type="button" class="link" onClick={() => props.onRemove()}
          aria-label={`${words().remove}: ${said().name}`}>{words().remove}</button></td>
    </tr>
  );
}
