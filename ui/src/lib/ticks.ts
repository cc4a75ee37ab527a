// Where the axis of a trace is marked: round times, at most five of them. Pure.

const secondNs = 1e9;
const minuteNs = 60 * secondNs;
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]
  .map((seconds) => seconds * secondNs);

// The smallest round step by which `spanNs` has at most five marks, in nanoseconds.
export function tickNs(spanNs: number): number {
  const least = Math.max(1, spanNs / 4.5);
  if (spanNs >= minuteNs) {
    const step = clockSteps.find((one) => one >= least);
    if (step !== undefined) return step;
    const hours = least / (3600 * secondNs);
    return roundUp(hours) * 3600 * secondNs;
  }
  return roundUp(least);
}

// The next of 1, 2, 5 times a power of ten.
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

// The marks, in nanoseconds from the start; a mark needs room for its figure before the end.
export function ticksOf(spanNs: number): number[] {
  const step = tickNs(spanNs);
  const marks = [];
  for (let at = 0; at <= spanNs * 0.9; at += step) marks.push(at);
  return marks;
}
