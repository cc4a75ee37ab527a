// Views that an older page kept in this browser only; they are offered to be moved to the server.

export interface LocalView {
  name: string;
  path: string;
  query: string;
}

const storageKey = 'catalejo.views';

function isView(value: unknown): value is LocalView {
  return typeof value === 'object' && value !== null &&
    ['name', 'path', 'query'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string') &&
    /^\/[a-z]+$/.test((value as LocalView).path);
}

export function localViews(storage: Pick<Storage, 'getItem'>): LocalView[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

// Gives each to `put`; those that were taken are forgotten here, the others stay.
export async function moveViews(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  put: (view: LocalView) => Promise<unknown>,
): Promise<void> {
  let left = localViews(storage);
  for (const view of [...left]) {
    await put(view);
    left = left.filter((other) => other !== view);
    if (left.length > 0) storage.setItem(storageKey, JSON.stringify(left));
    else storage.removeItem(storageKey);
  }
}

export function viewAddress(view: Pick<LocalView, 'path' | 'query'>): string {
  return `${view.path}${view.query ? `?${view.query}` : ''}`;
}
