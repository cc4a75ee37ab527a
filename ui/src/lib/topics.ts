// In which order topics stand. Pure.
import type { Topic } from '../api/patterns';

export const topicSorts = ['share', 'growth', 'cost', 'errors', 'slow', 'judged'] as const;
export type TopicSort = (typeof topicSorts)[number];

const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

const keys: Record<TopicSort, (topic: Topic) => number> = {
  share: (topic) => topic.share,
  growth: (topic) => topic.share - topic.share_before,
  cost: (topic) => topic.now.cost_usd ?? -1,
  errors: (topic) => share(topic.now.failed, topic.now.calls),
  slow: (topic) => topic.now.p95_ns ?? -1,
  judged: (topic) => share(topic.now.judged_failing, topic.now.judged),
};

// Most first; of equals the larger topic.
export function sorted(topics: readonly Topic[], by: TopicSort): Topic[] {
  return [...topics].sort((a, b) => keys[by](b) - keys[by](a) || b.share - a.share);
}
