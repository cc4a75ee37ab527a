// One number a group: a column as the server answers it, and a table of all columns of a widget.

export interface ScalarColumn { name: string; type: string; values: unknown[] }
export interface ScalarRow { tags: Map<string, string>; values: (number | null)[] }
export interface ScalarTable { keys: string[]; columns: string[]; rows: ScalarRow[] }
