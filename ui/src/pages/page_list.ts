// The pages a reader can go to: the side bar, the palette and `g` + letter all read this.
import type { IconName } from '../parts/Icons';

export interface PageEntry {
  name: 'home' | 'dashboards' | 'monitors' | 'traces' | 'sessions' | 'users' | 'patterns' | 'datasets'
    | 'experiments' | 'prompts' | 'playground' | 'queues' | 'costs'
    | 'evaluations' | 'judges' | 'redaction' | 'azure' | 'loss' | 'connect';
  path: string;
  letter: string;
  icon: IconName;
  // A list under the same filters and time range as the one it is left for.
  keepsFilters: boolean;
}

export const pages: readonly PageEntry[] = [
  { name: 'home', path: '/', letter: 'h', icon: 'home', keepsFilters: false },
  { name: 'dashboards', path: '/dashboards', letter: 'b', icon: 'columns', keepsFilters: false },
  { name: 'monitors', path: '/monitors', letter: 'a', icon: 'warn', keepsFilters: false },
  { name: 'traces', path: '/traces', letter: 't', icon: 'list', keepsFilters: true },
  { name: 'sessions', path: '/sessions', letter: 's', icon: 'chat', keepsFilters: true },
  { name: 'users', path: '/users', letter: 'u', icon: 'user', keepsFilters: true },
  { name: 'patterns', path: '/patterns', letter: 'p', icon: 'topics', keepsFilters: true },
  { name: 'datasets', path: '/datasets', letter: 'd', icon: 'dataset', keepsFilters: false },
  { name: 'experiments', path: '/experiments', letter: 'x', icon: 'experiment', keepsFilters: false },
  { name: 'prompts', path: '/prompts', letter: 'm', icon: 'llm', keepsFilters: false },
  { name: 'playground', path: '/playground', letter: 'y', icon: 'pencil', keepsFilters: false },
  { name: 'queues', path: '/queues', letter: 'q', icon: 'queue', keepsFilters: false },
  { name: 'costs', path: '/costs', letter: 'o', icon: 'coins', keepsFilters: false },
  { name: 'evaluations', path: '/evaluations', letter: 'e', icon: 'ok', keepsFilters: false },
  { name: 'judges', path: '/judges', letter: 'j', icon: 'scales', keepsFilters: false },
  { name: 'redaction', path: '/redaction', letter: 'r', icon: 'shield', keepsFilters: false },
  { name: 'azure', path: '/azure', letter: 'a', icon: 'apm', keepsFilters: false },
  { name: 'loss', path: '/loss', letter: 'l', icon: 'ledger', keepsFilters: false },
  { name: 'connect', path: '/connect', letter: 'c', icon: 'plug', keepsFilters: false },
];
