// Which columns the list has, and in which order.
import { For, type JSX, Show } from 'solid-js';
import { tColumns, tList } from '../i18n/list';
import { type Column, columnNames, defaultColumns, moved, parseColumns } from '../lib/columns';
import { Icon } from './Icons';
import { Menu } from './Menu';

export function columnWord(column: Column): string {
  const words = tList().columns;
  return Object.hasOwn(words, column) ? words[column as keyof typeof words]
    : tColumns().names[column as keyof ReturnType<typeof tColumns>['names']];
}

export function ColumnPicker(props: {
  columns: readonly Column[] | null; onColumns: (columns: Column[] | null) => void;
}): JSX.Element {
  const chosen = () => [...(props.columns ?? defaultColumns)];
  const others = () => columnNames.filter((name) => !chosen().includes(name));
  const set = (columns: Column[]) => props.onColumns(parseColumns(columns.join(',')));
  return (
    <Menu label={tColumns().title} icon="columns" testId="columns">
      {() => (
        <div class="column-picker">
          <h2>{tColumns().shown}</h2>
          <ul>
            <For each={chosen()}>
              {(column, i) => (
                <li>
                  <label><input type="checkbox" checked disabled={chosen().length === 1}
                    onChange={() => set(chosen().filter((c) => c !== column))} />
                    {columnWord(column)}</label>
                  <button type="button" class="bare" disabled={i() === 0}
                    aria-label={tColumns().earlier(columnWord(column))}
                    onClick={() => set(moved(chosen(), column, -1))}><Icon name="up" /></button>
                  <button type="button" class="bare" disabled={i() === chosen().length - 1}
                    aria-label={tColumns().later(columnWord(column))}
                    onClick={() => set(moved(chosen(), column, 1))}><Icon name="down" /></button>
                </li>
              )}
            </For>
          </ul>
          <h2>{tColumns().hidden}</h2>
          <ul>
            <For each={others()}>
              {(column) => (
                <li><label><input type="checkbox" checked={false} data-testid={`column-${column}`}
                  onChange={() => set([...chosen(), column])} />
                  {columnWord(column)}</label></li>
              )}
            </For>
          </ul>
          <Show when={props.columns}>
            <button type="button" class="link" onClick={() => props.onColumns(null)}>
              {tColumns().reset}</button></Show>
        </div>
      )}
    </Menu>
  );
}
