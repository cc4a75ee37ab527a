// Icons drawn here, 16 px, in the colour of the text around them. Each kind of span has one shape
// and one hue, the same everywhere.
import { type JSX, splitProps } from 'solid-js';

const paths = {
  llm: 'M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2zM5.5 6h5M5.5 8.2h3.4',
  workflow: 'M2.5 3h4v3.5h-4zM9.5 9.5h4V13h-4zM4.5 6.5v4.75h5',
  agent: 'M8 1.8 13.4 5v6L8 14.2 2.6 11V5zM8 6.2a1.8 1.8 0 1 0 .01 0z',
  tool: 'M13.3 4.8a3.4 3.4 0 0 1-4.5 4.2L4.6 13.2 2.8 11.4 7 7.2a3.4 3.4 0 0 1 4.2-4.5L9.3 4.7l2 2z',
  task: 'M3 3h10v10H3zM5.5 8.2 7.3 10l3.4-4',
  embedding: 'M4 4h.01M8 4h.01M12 4h.01M4 8h.01M8 8h.01M12 8h.01M4 12h.01M8 12h.01M12 12h.01',
  retrieval: 'M7 2.8a4.2 4.2 0 1 0 .01 0zM10.2 10.2 13.5 13.5',
  experiment: 'M6 2.5h4M6.8 2.5v4L3.3 13h9.4L9.2 6.5v-4',
  apm: 'M8 2a6 6 0 1 0 .01 0zM2.3 8h11.4M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12',
  ok: 'M3.5 8.5 6.5 11.5 12.5 5',
  error: 'M4 4l8 8M12 4l-8 8',
  warn: 'M8 2.2 14.2 13H1.8zM8 6.2v3.2M8 11.3v.01',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  search: 'M7 2.8a4.2 4.2 0 1 0 .01 0zM10.2 10.2 13.5 13.5',
  filter: 'M2.5 3.5h11L9.5 8.5v4.5l-3-1.5v-3z',
  minus: 'M3.5 8h9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  up: 'M4 10l4-4 4 4',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  bookmark: 'M4 2.5h8v11L8 10.5l-4 3z',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10',
  chat: 'M2.5 3h8v5.5h-5L3.5 10.5V8.5h-1zM12.5 6h1v5.5h-1v2l-2-2H7.5',
  user: 'M8 2.5a2.6 2.6 0 1 0 .01 0zM2.8 13.5c.5-2.9 2.5-4.5 5.2-4.5s4.7 1.6 5.2 4.5',
  command: 'M5.5 5.5h5v5h-5zM5.5 5.5v-1.5a1.5 1.5 0 1 0-1.5 1.5zM10.5 5.5h1.5a1.5 1.5 0 1 0-1.5-1.5zM10.5 10.5v1.5a1.5 1.5 0 1 0 1.5-1.5zM5.5 10.5H4a1.5 1.5 0 1 0 1.5 1.5z',
  move: 'M8 2v12M2 8h12M6.2 3.8 8 2l1.8 1.8M6.2 12.2 8 14l1.8-1.8M3.8 6.2 2 8l1.8 1.8M12.2 6.2 14 8l-1.8 1.8',
  resize: 'M13 5.5v7.5H5.5M13 9.5v3.5H9.5',
  expand: 'M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9',
  back: 'M7 3.5 2.5 8 7 12.5M2.5 8h11',
  clock: 'M8 2a6 6 0 1 0 .01 0zM8 4.8V8l2.3 1.5',
  help: 'M6 6a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.5v.01M8 1.8a6.2 6.2 0 1 0 .01 0z',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  ledger: 'M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3',
  plug: 'M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2.5',
  coins: 'M8 2.5c3 0 5.5.9 5.5 2S11 6.5 8 6.5 2.5 5.6 2.5 4.5 5 2.5 8 2.5zM2.5 4.5v7c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2v-7M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  dataset: 'M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6 3v10',
  queue: 'M2.5 4.2 3.6 5.3 5.6 3.2M2.5 10.2 3.6 11.3 5.6 9.2M8 4.5h5.5M8 10.5h5.5',
  pencil: 'M11 2.8 13.2 5 5.5 12.7l-3 .8.8-3zM9.5 4.3l2.2 2.2',
  up_thumb: 'M2.5 7.5h2v6h-2zM6.5 13h5l1.5-5h-4V4.2c0-1-.8-1.7-1.3-1.7L6.5 7z',
  down_thumb: 'M2.5 2.5h2v6h-2zM6.5 3h5L13 8H9v3.8c0 1-.8 1.7-1.3 1.7L6.5 9z',
  topics: 'M5 2.8a2.4 2.4 0 1 0 .01 0zM11.2 5.5a1.8 1.8 0 1 0 .01 0zM7.8 10.2a1.9 1.9 0 1 0 .01 0z',
  scales: 'M8 2.5v11M5 13.5h6M3 4.5h10M3 4.5 1.5 9h3zM13 4.5 11.5 9h3zM1.5 9a1.5 1.5 0 0 0 3 0M11.5 9a1.5 1.5 0 0 0 3 0',
  shield: 'M8 2l5 2v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4zM5.8 8l1.6 1.6 2.9-3.2',
  home: 'M2.5 7.5 8 2.5l5.5 5M4 6.5v7h8v-7M6.8 13.5v-4h2.4v4',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7',
} as const;

export type IconName = keyof typeof paths;

export function Icon(props: { name: IconName; label?: string; class?: string }): JSX.Element {
  const [own] = splitProps(props, ['name', 'label', 'class']);
  return (
    <svg
      class={`icon ${own.class ?? ''}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      role={own.label ? 'img' : undefined}
      aria-label={own.label}
      aria-hidden={own.label ? undefined : 'true'}
    >
      <path d={paths[own.name]} />
    </svg>
  );
}

const kinds = new Set<string>([
  'llm', 'workflow', 'agent', 'tool', 'task', 'embedding', 'retrieval', 'experiment',
]);

export function kindOf(kind: string): IconName {
  return kinds.has(kind) ? (kind as IconName) : 'apm';
}

export function KindIcon(props: { kind: string; label?: string }): JSX.Element {
  return (
    <Icon
      name={kindOf(props.kind)}
      class={`kind kind-${kindOf(props.kind)}`}
      {...(props.label === undefined ? {} : { label: props.label })}
    />
  );
}
