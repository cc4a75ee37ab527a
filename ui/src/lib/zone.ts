// Times by the clocks of a time zone. Pure, but for the zones that the browser knows.

export const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];
export const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

// "2026-01-05T22:00": what clocks there show.
export function localAt(ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: isZone(zone) ? zone : 'UTC', hourCycle: 'h23', year: 'numeric', month: '2-digit',
    day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '00';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

const asUtc = (local: string) => Date.parse(`${local.slice(0, 16)}:00Z`);

// When clocks there show that; a time that they skip comes an hour later, of two the first counts.
export function timeOf(local: string, zone: string): number {
  const shown = asUtc(local);
  const offset = (ms: number) => asUtc(localAt(ms, zone)) - Math.floor(ms / 60_000) * 60_000;
  const before = offset(shown - 86_400_000);
  const after = offset(shown + 86_400_000);
  if (offset(shown - before) === before) return shown - before;
  return offset(shown - after) === after ? shown - after : shown - before;
}

// Tomorrow at nine, by the reader's own clocks.
export function tomorrowMorning(nowMs: number): number {
  const day = new Date(nowMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 9).getTime();
}
