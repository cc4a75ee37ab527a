// Views of a list that the reader gave a name. Kept in this browser; whoever keeps them on the
// server one day writes another ViewStore.

export interface SavedView {
  name: string;
  // "/traces" or "/sessions"
  path: string;
  // As in the address, without "?".
  query: string;
}

export interface ViewStore {
  list(): SavedView[];
  // A view of the same name on the same page is replaced.
  put(view: SavedView): void;
  remove(view: SavedView): void;
}

const storageKey = 'catalejo.views';
export const viewsMax = 100;

function isView(value: unknown): value is SavedView {
  return typeof value === 'object' && value !== null &&
    ['name', 'path', 'query'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string') &&
    /^\/[a-z]+$/.test((value as SavedView).path);
}

export function browserViews(storage: Pick<Storage, 'getItem' | 'setItem'>): ViewStore {
  const list = (): SavedView[] => {
    try {
      const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isView) : [];
    } catch {
      return [];
    }
  };
  const write = (views: SavedView[]) => storage.setItem(storageKey, JSON.stringify(views));
  const same = (a: SavedView, b: SavedView) => a.name === b.name && a.path === b.path;
  return {
    list,
    put: (view) => write([...list().filter((v) => !same(v, view)), view].slice(-viewsMax)),
    remove: (view) => write(list().filter((v) => !same(v, view))),
  };
}
