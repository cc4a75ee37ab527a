// What stands in the place of a page while it comes.
import { For, type JSX } from 'solid-js';

export function TraceSkeleton(): JSX.Element {
  return (
    <div aria-hidden="true" class="trace-skeleton">
      <div class="skeleton skeleton-sentence" />
      <div class="skeleton skeleton-line" />
      <For each={[90, 70, 75, 50, 62, 66, 40, 58]}>
        {(width) => <div class="skeleton skeleton-line" style={{ width: `${width}%` }} />}
      </For>
    </div>
  );
}

export function PageSkeleton(): JSX.Element {
  return (
    <div class="page" aria-hidden="true">
      <div class="skeleton skeleton-sentence" />
      <div class="skeleton skeleton-page" />
    </div>
  );
}
