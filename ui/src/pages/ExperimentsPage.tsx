// Which experiments were run, and how did they come out? Newest first.
import { A } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import { key, type Problem } from '../api/client';
import { type Experiment, experimentsApi, type LabelSummary } from '../api/experiments';
import { tExperimentRuns } from '../i18n/experiment_runs';
import { tExperiments } from '../i18n/experiments';
import { f } from '../i18n/language';
import { tNav } from '../i18n/shell';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import { stateWord } from '../parts/ExperimentParts';
import { ProblemNotice } from '../parts/Notice';
import { RemovalStatus } from '../parts/RemovalStatus';
import { createRemovable } from './removable';

function Label(props: { one: LabelSummary }): JSX.Element {
  const value = () => {
    if (props.one.mean === null) return f().number(props.one.count);
    return props.one.type === 'boolean' ? f().percent(props.one.mean) : f().number(props.one.mean);
  };
  return <span class="badge"><bdi>{oneLine(props.one.label)}</bdi> <b class="num">{value()}</b></span>;
}

export default function ExperimentsPage(): JSX.Element {
  const words = () => tExperiments();
  useTitle(() => words().title);
  const [list, { refetch }] = createResource(() => ({ key: key() }), () => experimentsApi.list());
  const { problem, removed, remove, undo } =
    createRemovable<Experiment>(experimentsApi, () => refetch());
  return (
    <div class="page experiments">
      <h1>{words().title}</h1>
      <p class="quiet">{words().intro}</p>
      <p><A class="button" href="/experiments/new">{tExperimentRuns().open}</A></p>
      <RemovalStatus problem={problem()} removed={removed()} words={words().removed}
        testId="undo-experiment" onUndo={(one) => void undo(one)} />
      <Show when={!list.error} fallback={<ProblemNotice problem={list.error as Problem}
        onRetry={() => void refetch()} />}>
        <Show when={list.latest} fallback={<div class="skeleton skeleton-page" />}>
          {(all) => (
            <Show when={all().length > 0} fallback={
              <p class="empty">{words().none} <A href="/datasets">{tNav().datasets}</A></p>}>
              <div class="cost-scroll" tabIndex={0} role="region" aria-label={words().title}>
                <table class="pairs cost-table" data-testid="experiments">
                  <thead><tr><th scope="col">{words().name}</th>
                    <th scope="col">{words().dataset}</th><th scope="col">{words().state}</th>
                    <th scope="col">{words().rows}</th><th scope="col">{words().scores}</th>
                    <th scope="col">{words().when}</th><td /></tr></thead>
                  <tbody>
                    <For each={all()}>{(one) => (
                      <Line one={one} onRemove={() => void remove(one)} />)}</For>
                  </tbody>
                </table>
              </div>
            </Show>
          )}
        </Show>
      </Show>
    </div>
  );
}

function Line(props: { one: Experiment; onRemove: () => void }): JSX.Element {
  const words = () => tExperiments();
  const about = () => props.one.attributes;
  const sums = () => about().aggregate_data;
  return (
    <tr>
      <th scope="row"><A href={`/experiments/${props.one.id}`}>
        <bdi>{oneLine(about().name)}</bdi></A>
        <div class="quiet plain"><bdi>{oneLine(about().description)}</bdi></div></th>
      <td><Show when={about().dataset_name} fallback="—">
        {(name) => <A href={`/datasets/${about().dataset_id}?version=${about().dataset_version}`}>
          <bdi>{oneLine(name())}</bdi></A>}</Show>
        <div class="quiet plain">{words().version(about().dataset_version)}</div></td>
      <td>{stateWord(props.one)}</td>
      <td class="num">{f().number(sums().rows)}
        <Show when={sums().errors > 0}><div class="bad">
          {words().errors(sums().errors, f().number(sums().errors))}</div></Show></td>
      <td><div class="experiment-labels">
        <For each={sums().labels}>{(label) => <Label one={label} />}</For></div></td>
      <td class="num">{f().dateTime(Date.parse(about().created_at))}</td>
      <td><button type="button" class="link" onClick={() => props.onRemove()}
        aria-label={`${words().remove}: ${about().name}`}>{words().remove}</button></td>
    </tr>
  );
}
