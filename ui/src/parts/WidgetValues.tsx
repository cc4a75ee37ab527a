// Widgets of single values: one, a rank, a table, a change, and anything as a table.
import { For, type JSX, Show } from 'solid-js';
import { tDashboards } from '../i18n/dashboards';
import { f } from '../i18n/language';
import { type Json, textOf, toneOf } from '../lib/dashboard';
import type { ScalarTable } from '../lib/scalar_table';
import { oneLine } from '../lib/text';
import {
  type Cell, changesOf, changeTone, firstNumber, rankOf, type Sheet,
} from '../lib/widget_data';

const topMax = 10;
const rowsMax = 500;
const figure = (value: number): string => f().number(Number(value.toPrecision(4)));
const cellText = (value: Cell): string =>
  (value === null ? '–' : typeof value === 'number' ? figure(value) : oneLine(value));

interface Values { name?: string; definition: Json; table: ScalarTable }

export function OneValue(props: Values): JSX.Element {
  const value = () => firstNumber(props.table);
  const text = (known: number) => {
    const { precision, autoscale } = props.definition;
    const digits = typeof precision === 'number' ? Math.min(10, Math.max(0, precision)) : 2;
    return autoscale !== false && Math.abs(known) >= 10_000
      ? f().compact(known) : f().number(Number(known.toFixed(digits)));
  };
  return (
    <p class={`one-value num ${toneOf(props.definition, value())}`}>
      <Show when={value() !== null} fallback="–">{text(value() ?? 0)}
        <Show when={textOf(props.definition.custom_unit)}>
          {(unit) => <span class="quiet"> {oneLine(unit())}</span>}</Show></Show></p>
  );
}

export function TopList(props: Values): JSX.Element {
  const rows = () => rankOf(props.definition, props.table).slice(0, topMax);
  const most = () => Math.max(...rows().map((row) => Math.abs(row.value)), Number.MIN_VALUE);
  return (
    <table class="top-list"><tbody>
      <For each={rows()}>{(row) => (
        <tr>
          <th scope="row"><bdi>{oneLine(row.name)}</bdi>
            <div class="top-bar"
              style={{ width: `${(Math.abs(row.value) / most()) * 100}%` }} /></th>
          <td class="num">{figure(row.value)}</td>
        </tr>)}</For>
    </tbody></table>
  );
}

// A table that scrolls in its widget; what it does not show is said.
export function SheetTable(props: { name: string; sheet: Sheet }): JSX.Element {
  const heads = () => (props.sheet.columns.length > 0 ? props.sheet.columns : ['']);
  return (
    <div class="widget-scroll" tabIndex={0} role="region" aria-label={props.name}>
      <table class="sheet">
        <thead><tr><For each={heads()}>{(column) => (
          <th scope="col"><bdi>{oneLine(column)}</bdi></th>)}</For></tr></thead>
        <tbody><For each={props.sheet.rows.slice(0, rowsMax)}>{(row) => (
          <tr><For each={row}>{(cell) => (
            <td class={typeof cell === 'number' || cell === null ? 'num' : ''}>
              <bdi>{cellText(cell)}</bdi></td>)}</For></tr>)}</For></tbody>
      </table>
      <Show when={props.sheet.rows.length > rowsMax}>
        <p class="quiet">{tDashboards().more(props.sheet.rows.length - rowsMax)}</p></Show>
    </div>
  );
}

export function Change(props: Values): JSX.Element {
  const words = () => tDashboards();
  const rows = () => changesOf(props.definition, props.table);
  const signed = (value: number, text: string) => (value > 0 ? `+${text}` : text);
  return (
    <div class="widget-scroll" tabIndex={0} role="region" 
      aria-label={props.name ?? words().change}>
      <table class="sheet change">
        <thead><tr>
          <th scope="col"><span class="off-screen">{words().tags}</span></th>
          <th scope="col">{words().before}</th><th scope="col">{words().now}</th>
          <th scope="col">{words().change}</th></tr></thead>
        <tbody><For each={rows().slice(0, rowsMax)}>{(row) => (
          <tr>
            <th scope="row"><bdi>{oneLine(row.name)}</bdi></th>
            <td class="num quiet">{cellText(row.before)}</td>
            <td class="num">{cellText(row.now)}</td>
            <td class={`num ${changeTone(props.definition, row.change)}`}>
              <Show when={row.change !== null} fallback="–">
                {signed(row.change ?? 0, figure(row.change ?? 0))}
                <Show when={row.share !== null}>
                  {' '}({signed(row.share ?? 0, f().percent(row.share ?? 0))})</Show></Show></td>
          </tr>)}</For></tbody>
      </table>
    </div>
  );
}
