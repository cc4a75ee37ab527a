// The head of a list: its columns, and those that sort by being pressed.
import { For, type JSX, Show } from 'solid-js';
import { tPick } from '../i18n/choosing';
import { tColumns } from '../i18n/list';
import { columnOf, type Sort, type SortColumn } from '../lib/url_state';

export interface HeadColumn {
  name: string;
  words: string;
  sort?: SortColumn | undefined;
}

export function HeadRow(props: {
  columns: HeadColumn[]; sort: Sort; onSort: (column: SortColumn) => void;
}): JSX.Element {
  const way = (column: SortColumn | undefined) =>
    column === undefined || columnOf(props.sort) !== column ? undefined
      : props.sort === column ? 'ascending' : 'descending';
  return (
    <div role="rowgroup" class="table-head">
      <div role="row" class="row head" aria-rowindex={1}>
        <span role="columnheader" class="off-screen">{tPick().column}</span>
        <For each={props.columns}>
          {(column) => (
            <span role="columnheader" class={`cell-${column.name}`} aria-sort={way(column.sort)}>
              <Show when={column.sort} fallback={<span class="cell-text">{column.words}</span>}>
                {(by) => (
                  <button type="button" class="sort" data-testid={`sort-${column.name}`}
                    title={tColumns().sortBy(column.words)} onClick={() => props.onSort(by())}>
                    <span classList={{ 'off-screen': column.name === 'status' }}>
                      {column.words}</span>
                    <span aria-hidden="true">{way(by()) === 'ascending' ? '↑'
                      : way(by()) === 'descending' ? '↓' : column.name === 'status' ? '↕' : ''}
                    </span>
                  </button>
                )}
              </Show>
            </span>
          )}
        </For>
      </div>
    </div>
  );
}
