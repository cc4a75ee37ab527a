// The newest answer of a resource; nothing while the first is on its way or when it failed. To read
// the resource itself would take the whole page away until it has answered: no skeleton would show.
import type { Resource } from 'solid-js';

export const latestOf = <T>(resource: Resource<T>): T | undefined =>
  (resource.state === 'ready' || resource.state === 'refreshing' ? resource.latest : undefined);
