// Sessions and users as they stand in lists. Pure.
import type { Group, GroupKind } from '../api/types';
import { msOfNs } from './format';
import { groupSortColumns, type SortColumn } from './url_state';

export const sortsOf: Record<GroupKind, readonly SortColumn[]> = {
  session: groupSortColumns.filter((column) => column !== 'sessions'),
  user: groupSortColumns,
};

export const idOf = (kind: GroupKind, group: Group): string =>
  (kind === 'session' ? group.session_id : group.user_id) ?? '';

// From the first question to the last; of a single one, and of a user, how long they waited.
export function lastedNs(kind: GroupKind, group: Group): number {
  if (kind === 'user' || group.traces <= 1) return group.busy_ns;
  return Number(BigInt(group.last_ns) - BigInt(group.start_ns));
}

// Around a group, so that its page finds all of it.
const slackMs = 6 * 36e5;

export function groupHref(kind: GroupKind, group: Group): string {
  const from = msOfNs(group.start_ns) - slackMs;
  const to = msOfNs(group.last_ns) + slackMs;
  return `/${kind}s/${encodeURIComponent(idOf(kind, group))}?from=${from}&to=${to}`;
}

// A search for the traces of a user, whichever of their spans names them.
export function tracesOfUser(id: string): string {
  const quoted = `"${id.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `@user_id:${quoted} OR @child.@user_id:${quoted}`;
}
