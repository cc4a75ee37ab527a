// The list in one sentence, with its change against the period before.
import { type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { changeOf, type Summary } from '../lib/summary';
import { type ListState, presetOf, type Range } from '../lib/url_state';

// Differences below this are noise and said to be none.
const noise = 0.005;

function signed(share: number): string {
  if (Math.abs(share) < noise) return tList().same;
  const text = share > 9.995 ? `×${f().compact(Math.round(share + 1))}` : f().percent(Math.abs(share));
  return `${share > 0 ? '▲' : '▼'} ${text}`;
}

function points(share: number): string {
  if (Math.abs(share) < 0.0005) return tList().same;
  const value = Math.abs(share * 100).toLocaleString(f().locale, { maximumFractionDigits: 1 });
  return `${share > 0 ? '▲' : '▼'} ${tList().points(value)}`;
}

export function Sentence(props: {
  state: ListState; range: Range; summary: Summary | null; before: Summary | null;
}): JSX.Element {
  const span = () => {
    const preset = presetOf(props.state);
    return preset ? tList().within[preset]
      : tList().between(f().dateTime(props.range.fromMs), f().dateTime(props.range.toMs));
  };
  const change = () =>
    props.summary && props.before ? changeOf(props.summary, props.before) : null;
  return (
    <div class="sentence" aria-live="polite">
      <Show when={props.summary} fallback={<div class="skeleton skeleton-sentence" />}>
        {(s) => (
          <>
            <p class="lead" data-testid="list-sentence">
              {tList().sentence({
                count: s().count, shown: f().number(s().count), span: span(),
                view: props.state.view,
              })}
              <Show when={s().count > 0}>
                {', '}
                <span classList={{ bad: s().errors > 0 }}>
                  {tList().failed({
                    count: s().errors, shown: f().number(s().errors),
                    share: f().percent(s().errors / s().count),
                  })}
                </span>
                {', '}
                <span title={tList().p95Title}>{tList().p95(f().duration(s().p95Ns ?? 0))}</span>
              </Show>
              .
            </p>
            <p class="change">
              <Show when={change()} fallback={s().count > 0 ? tList().beforeNone : '\u00a0'}>
                {(c) => (
                  <>
                    {tList().before}{' '}
                    {[
                      c().calls !== null ? tList().changeCalls(signed(c().calls ?? 0)) : '',
                      c().failureRate !== null
                        ? tList().changeFailed(points(c().failureRate ?? 0)) : '',
                      c().p95 !== null ? tList().changeP95(signed(c().p95 ?? 0)) : '',
                    ].filter(Boolean).join(' · ')}
                  </>
                )}
              </Show>
            </p>
          </>
        )}
      </Show>
    </div>
  );
}
