// The equation of the ledger, checked again here rather than believed. Pure.
import type { Account } from '../api/types';

export function rejectedOf(account: Account): number {
  return Object.values(account.rejected).reduce((sum, count) => sum + count, 0);
}

// What was received and is in none of the terms; 0 when every one is accounted for.
export function differenceOf(account: Account): number {
  return account.received - account.stored - account.cut - account.duplicate -
    account.sampled_out - rejectedOf(account) - account.in_flight;
}
