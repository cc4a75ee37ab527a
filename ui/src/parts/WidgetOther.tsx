// Widgets that draw no metric: a list of spans, pictures.
import { A } from '@solidjs/router';
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import type { Row } from '../api/types';
import { tDashboards } from '../i18n/dashboards';
import { f } from '../i18n/language';
import { type Json, textOf } from '../lib/dashboard';
import { msOfNs } from '../lib/format';
import { oneLine } from '../lib/text';
import { type StreamColumn, streamColumns } from '../lib/widget_data';
import { Icon } from './Icons';

const textMax = 160;

function valueOf(column: StreamColumn, row: Row): string {
  switch (column) {
    case 'time': return f().dateTime(msOfNs(row.start_ns));
    case 'duration': return f().duration(row.duration_ns);
    case 'tokens': return row.tokens.total === null ? '–' : f().number(row.tokens.total);
    case 'cost': return row.cost.usd === null ? '–' : f().cost(row.cost.usd);
    case 'status': return tDashboards().statuses[row.status];
    case 'service': case 'ml_app': case 'name': case 'kind': return oneLine(row[column]) || '–';
    case 'model': case 'input': case 'output':
      return oneLine(row[column] ?? '').slice(0, textMax) || '–';
  }
}

const addressOf = (row: Row): string =>
  `/traces/${encodeURIComponent(row.trace_id || (row.apm_trace_id ?? ''))}?${
    new URLSearchParams({ span: row.span_id }).toString()}`;
const figures = new Set<StreamColumn>(['duration', 'tokens', 'cost']);

export function Stream(props: {
  name: string; rows: readonly Row[]; fields: readonly string[]; more: boolean;
}): JSX.Element {
  const words = () => tDashboards();
  const shown = () => streamColumns(props.fields);
  return (
    <div class="widget-scroll stream" tabIndex={0} role="region" aria-label={props.name}>
      <table class="sheet">
        <thead><tr><For each={shown().columns}>{(column) => (
          <th scope="col">{words().columns[column]}</th>)}</For></tr></thead>
        <tbody><For each={props.rows}>{(row) => (
          <tr><For each={shown().columns}>{(column, i) => (
            <td classList={{
              num: figures.has(column), bad: column === 'status' && row.status === 'error',
            }}>
              <Show when={i() === 0} fallback={<bdi>{valueOf(column, row)}</bdi>}>
                <A href={addressOf(row)}><bdi>{valueOf(column, row)}</bdi></A></Show></td>
          )}</For></tr>)}</For></tbody>
      </table>
      <Show when={props.more}><p class="quiet">{words().newest(props.rows.length)}</p></Show>
      <Show when={shown().unknown.length > 0}>
        <p class="quiet" dir="auto">
          {words().unknownColumns(shown().unknown.map(oneLine).join(', '))}</p></Show>
    </div>
  );
}

const ownPicture = /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/;

// Bytes that came with the dashboard are shown; an address would tell its owner who looks.
export function Picture(props: { definition: Json }): JSX.Element {
  const words = () => tDashboards();
  const address = () => textOf(props.definition.url);
  return (
    <Switch fallback={<p class="quiet">{words().imageElsewhere}{' '}
      <span class="mono" dir="auto">{oneLine(address()) || '–'}</span></p>}>
      <Match when={ownPicture.test(address())}>
        <img class="widget-image" src={address()}
          alt={oneLine(textOf(props.definition.title)) || words().image} /></Match>
      <Match when={/^https?:\/\//.test(address())}>
        <p class="quiet">{words().imageElsewhere}{' '}
          <a href={address()} target="_blank" rel="noopener noreferrer" dir="auto">
            <Icon name="link" /> {oneLine(address())}</a></p></Match>
    </Switch>
  );
}
