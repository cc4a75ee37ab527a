// Queues: at Datadog's paths where it has them, else at our own.
import { get, key, send } from './client';

interface Resource<T> { id: string; attributes: T }
export type LabelType = 'boolean' | 'categorical' | 'score' | 'text';
export interface Label {
  id?: string;
  name: string;
  type: LabelType;
  description?: string;
  is_required?: boolean;
  has_assessment?: boolean;
  has_reasoning?: boolean;
  is_assessment?: boolean;
  is_integer?: boolean;
  min?: number;
  max?: number;
  step?: number;
  values?: string[];
  multiple?: boolean;
  evaluation?: string;
}
export type Queue = Resource<{
  name: string; description: string; owned_by: string; schema_version: number; reviewers: number;
  items: number; done: number; modified_at: string;
  annotation_schema: { label_schemas: Label[] };
}>;
export type Value = boolean | number | string | string[];
export interface LabelValue {
  label_schema_id: string; name_when_saved?: string; value: Value;
  assessment?: 'pass' | 'fail'; reasoning?: string;
}
export interface Annotation {
  id: string; interaction_id: string; created_by: string; skipped: boolean;
  label_values: LabelValue[];
}
export interface QueueItem {
  id: string; type: 'trace' | 'experiment_trace' | 'span' | 'session'; content_id: string;
  trace_id: string | null; span_id: string | null; session_id: string | null;
  answers: number; annotation: Annotation | null;
}
export interface Progress {
  items: number; done: number; answered: number; skipped: number; open: number;
}
export interface ItemPage { items: QueueItem[]; next: string | null; progress: Progress }
export type ItemState = 'any' | 'open' | 'answered' | 'skipped';
export interface Interaction { type: 'trace' | 'span' | 'session'; content_id: string }
export interface Picked {
  rows: number; added: number; known: number; repeated: number; sampled_out: number;
  unnamed: number; more: boolean;
}
interface Two { items: number; same: number; kappa: number | null }
export interface LabelAgreement {
  label_schema_id: string; name: string; type: LabelType; answered: number; items: number;
  agreement: number | null; alpha: number | null;
  pairs: (Two & { one: string; other: string })[];
  automatic: (Two & { evaluation: string }) | null;
  disagreements: (QueueItem & {
    answers: { reviewer: string; value: string }[]; automatic: string | null;
  })[];
  disagreements_total: number;
}
export interface Agreement { schema_version: number; labels: LabelAgreement[] }
export interface QueueDataset {
  version: number; inserted: number; duplicates: number; unanswered: number; sessions: number;
  missing: number; left_out: number;
}

export interface QueueRule {
  filter: string; type: Interaction['type']; sample: number; daily_max: number; since: string;
  author: string | null; problem: string | null;
}
// What became of the spans that a rule found in a day.
export interface RuleDay {
  day: string; added: number; known: number; sampled_out: number; unnamed: number;
  over_day: number; queue_full: number; last_added: string | null;
}
export interface RuleSeen { rule: QueueRule | null; days: RuleDay[] }
export type NewRule = Pick<QueueRule, 'filter' | 'sample'> &
  Partial<Pick<QueueRule, 'type' | 'daily_max'>>;

const root = '../v2/llm-obs/v1/annotation-queues';
const body = (type: string, attributes: unknown) => ({ data: { type, attributes } });
type Saved = { attributes: { annotations: Annotation[]; errors: { error: string }[] } };

export const queuesApi = {
  list: async () => (await get<{ data: Queue[] }>(root)).data,
  one: async (id: string) => (await get<{ data: Queue }>(`queues/${id}`)).data,
  make: async (attributes: Record<string, unknown>) =>
    (await send<{ data: Queue }>('POST', root, body('queues', attributes))).data,
  change: async (id: string, attributes: Record<string, unknown>) =>
    (await send<{ data: Queue }>('PATCH', `${root}/${id}`, body('queues', attributes))).data,
  remove: (id: string) => send('DELETE', `${root}/${id}`),
  restore: (id: string) => send('POST', `queues/${id}/restore`),
  items: (id: string, reviewer: string, state: ItemState, cursor: string | null) =>
    get<ItemPage>(`queues/${id}/items`, new URLSearchParams({
      reviewer, state, limit: '100', ...(cursor ? { cursor } : {}),
    })),
  add: async (id: string, interactions: Interaction[], author: string) => {
    const added = (await send<{ data: { attributes: {
      interactions: { already_existed: boolean }[];
    } } }>('POST', `${root}/${id}/interactions`,
      body('interactions', { interactions, author }))).data.attributes.interactions;
    const known = added.filter((one) => one.already_existed).length;
    return { added: added.length - known, known };
  },
  addList: (id: string, filter: string, sample: number, author: string) =>
    send<Picked>('POST', `queues/${id}/items`, { filter, sample, author }),
  rule: (id: string) => get<RuleSeen>(`queues/${id}/rule`),
  setRule: (id: string, { filter, type, sample, daily_max }: NewRule, author: string) =>
    send<RuleSeen>('PUT', `queues/${id}/rule`, { filter, type, sample, daily_max, author }),
  removeRule: (id: string) => send<RuleSeen>('DELETE', `queues/${id}/rule`),
  removeItems: (id: string, items: string[]) =>
    send('POST', `${root}/${id}/interactions/delete`,
      body('interactions', { interaction_ids: items })),
  // One answer, or a skip when it has no values; gives what was kept.
  answer: async (
    id: string, item: string, values: LabelValue[] | null, version: number, author: string,
  ) => {
    const said = values === null ? { interaction_id: item, skipped: true }
      : { interaction_id: item, label_values: values };
    const { annotations, errors } = (await send<{ data: Saved }>('POST', `${root}/${id}/annotations`,
      body('annotations', { annotations: [said], schema_version: version, author }))).data.attributes;
    const kept = annotations[0];
    if (!kept) throw new Error(errors[0]?.error ?? '');
    return kept;
  },
  takeBack: (id: string, annotation: string) =>
    send('POST', `${root}/${id}/annotations/delete`,
      body('annotations', { annotation_ids: [annotation] })),
  agreement: (id: string) => get<Agreement>(`queues/${id}/agreement`),
  makeDataset: (id: string, dataset: string, label: string, author: string) =>
    send<QueueDataset>('POST', `queues/${id}/dataset`, { dataset, label, author }),
  // A link cannot send a header, so a key goes as a parameter.
  exportHref: (id: string, format: 'csv' | 'jsonl') =>
    `/api/v1/queues/${id}/export?${new URLSearchParams({
      format, ...(key() ? { api_key: key() } : {}),
    }).toString()}`,
};
