// How Azure is logged in to, how reading its metrics goes, and what was found there.
import { get, send } from './client';

export type Auth = 'secret' | 'workload' | 'managed';

export interface AzureProblem {
  name: string; where: string; said: string; cause: string; remedy: string;
  since: string; last: string; times: number;
}

export interface AzureStatus {
  set_up: boolean; by_settings: boolean;
  auth: Auth | null; tenant: string | null; client: string | null;
  running: boolean; began: string | null; ended: string | null; next: string | null;
  rounds: number; points: number; corrected: number; behind_seconds: number;
  calls_left: number | null; problems: AzureProblem[];
}

export interface AzureAccount {
  id: string; name: string; resource_group: string; subscription: string; region: string;
  kind: string; sku: string; resource: string | null;
}

export interface AzureDeployment {
  account: string; name: string; model: string; version: string; sku: string; capacity: number;
  requests_per_minute: number | null; tokens_per_minute: number | null;
  spillover: string | null; state: string;
}

export interface AzureInventory {
  read: string | null;
  subscriptions: { id: string; name: string }[];
  accounts: AzureAccount[];
  deployments: AzureDeployment[];
}

export type StepName =
  'token' | 'subscriptions' | 'accounts' | 'deployments' | 'metrics' | 'values';

export interface CheckStep {
  name: StepName; about: string | null; right: boolean; said: string;
  problem: string | null; remedy: string | null;
}

// A secret goes to the server and never comes back; left out, the one that is kept stays.
export interface NewLogin { auth: Auth; tenant?: string; client?: string; secret?: string }

export const azureApi = {
  status: () => get<AzureStatus>('azure'),
  inventory: () => get<AzureInventory>('azure/inventory'),
  logIn: (login: NewLogin) => send('PUT', 'azure/login', login),
  logOut: () => send('DELETE', 'azure/login'),
  check: (login?: NewLogin) =>
    send<{ right: boolean; steps: CheckStep[] }>('POST', 'azure/check', login),
  readNow: () => send('POST', 'azure/read'),
};
