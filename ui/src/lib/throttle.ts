// At most one call per interval, and always one after the last request for it.
export function throttled(action: () => void, everyMs: number): { run(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = 0;
  return {
    run: () => {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        lastMs = Date.now();
        action();
      }, Math.max(0, lastMs + everyMs - Date.now()));
    },
    stop: () => clearTimeout(timer),
  };
}
