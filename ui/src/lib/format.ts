// Numbers, lengths of time and money as text in the reader's locale. Pure.

const nsPerMs = 1e6;
const nsPerSecond = 1e9;

export interface Formatter {
  locale: string;
  number(value: number): string;
  percent(share: number): string;
  duration(ns: number): string;
  cost(usd: number): string;
  bytes(count: number): string;
  compact(value: number): string;
  time(ms: number, withMillis?: boolean): string;
  dateTime(ms: number): string;
  day(ms: number): string;
}

function cached(build: () => Intl.NumberFormat): () => Intl.NumberFormat {
  let made: Intl.NumberFormat | undefined;
  return () => (made ??= build());
}

function durationOf(locale: string): (ns: number) => string {
  const digits = (value: number) => (value >= 100 ? 0 : value >= 10 ? 1 : 2);
  const with_unit = (value: number, unit: string) =>
    `${value.toLocaleString(locale, { maximumFractionDigits: digits(value) })}\u202f${unit}`;
  return (ns) => {
    if (ns < 1e3) return with_unit(ns, 'ns');
    if (ns < nsPerMs) return with_unit(ns / 1e3, 'µs');
    if (ns < nsPerSecond) return with_unit(ns / nsPerMs, 'ms');
    const seconds = ns / nsPerSecond;
    if (seconds < 60) return with_unit(seconds, 's');
    const whole = Math.round(seconds);
    if (whole < 3600) return `${Math.floor(whole / 60)}\u202fmin ${whole % 60}\u202fs`;
    return `${Math.floor(whole / 3600)}\u202fh ${Math.floor((whole % 3600) / 60)}\u202fmin`;
  };
}

function bytesOf(locale: string): (count: number) => string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  return (count) => {
    let value = count;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    const maximumFractionDigits = unit === 0 || value >= 100 ? 0 : 1;
    return `${value.toLocaleString(locale, { maximumFractionDigits })}\u202f${units[unit]}`;
  };
}

// Money of one call is often far below a cent: three digits that count, never "0".
function costOf(locale: string): (usd: number) => string {
  const money = (digits: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, {
      style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', ...digits,
    });
  const small = money({ minimumSignificantDigits: 1, maximumSignificantDigits: 2 });
  const large = money({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (usd) => (usd !== 0 && Math.abs(usd) < 0.995 ? small : large).format(usd);
}

export function formatterOf(locale: string): Formatter {
  const number = cached(() => new Intl.NumberFormat(locale));
  const compact = cached(
    () => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }));
  const percent = cached(
    () => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }));
  const percentWhole = cached(
    () => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }));
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  const clockMs = new Intl.DateTimeFormat(locale, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
    fractionalSecondDigits: 3,
  });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  return {
    locale,
    number: (value) => number().format(value),
    compact: (value) => (Math.abs(value) < 10_000 ? number() : compact()).format(value),
    percent: (share) => (share >= 0.1 ? percentWhole() : percent()).format(share),
    duration: durationOf(locale),
    cost: costOf(locale),
    bytes: bytesOf(locale),
    time: (ms, withMillis = false) => (withMillis ? clockMs : clock).format(ms),
    dateTime: (ms) => full.format(ms),
    day: (ms) => day.format(ms),
  };
}

export function msOfNs(ns: string): number {
  return Number(BigInt(ns) / 1_000_000n);
}
