// Rules tried before they hold: on a text, and on spans that are stored.
import { createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { wordsOf } from '../api/client';
import { type Found, type Line, redactionApi } from '../api/redaction';
import { f, t } from '../i18n';
import { piecesOf } from '../lib/pieces';
import { oneLine } from '../lib/text';

const stepSpans = 200;

export function TextTrial(props: { draft: () => Record<string, unknown> | null }): JSX.Element {
  const [app, setApp] = createSignal('');
  const [text, setText] = createSignal('');
  const [withDraft, setWithDraft] = createSignal(false);
  const [problem, setProblem] = createSignal('');
  const [tried, setTried] =
    createSignal<{ given: string; text: string; found: Found[] } | null>(null);
  const run = async () => {
    const given = text();
    const rule = withDraft() ? props.draft() : null;
    try {
      const asked = { app: app(), text: given, ...(rule ? { rule } : {}) };
      const answer = await redactionApi.test(asked);
      setProblem('');
      setTried({ given, ...answer });
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <section data-testid="redaction-test">
      <h2>{t().redaction.test}</h2>
      <form onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <div class="cost-fields">
          <label>{t().redaction.app}
            <input value={app()} onInput={(event) => setApp(event.currentTarget.value)} /></label>
          <label class="redaction-draft">
            <input type="checkbox" checked={withDraft()}
              onChange={(event) => setWithDraft(event.currentTarget.checked)} />
            {' '}{t().redaction.asDraft}</label>
        </div>
        <label class="redaction-text">{t().redaction.text}
          <textarea rows="4" value={text()} required
            onInput={(event) => setText(event.currentTarget.value)} /></label>
        <button type="submit" class="button">{t().redaction.tryIt}</button>
      </form>
      <div role="status" classList={{ bad: problem() !== '' }}>
        {problem()}
        <Show when={problem() === '' && tried()}>
          {(one) => (
            <>
              <p>{one().found.length === 0 ? t().redaction.nothing
                : t().redaction.found(one().found.length)}</p>
              <Show when={one().found.length > 0}>
                <p class="redaction-shown" dir="auto">
                  <For each={piecesOf(one().given, one().found)}>
                    {(piece) => (
                      <Show when={piece.found} fallback={piece.text}>
                        {(hit) => (
                          <mark classList={{ kept: hit().action === 'keep' }}>{piece.text}
                            {' '}<small>{hit().rule}</small></mark>
                        )}
                      </Show>
                    )}
                  </For>
                </p>
                <h3>{t().redaction.left}</h3>
                <p class="redaction-shown" dir="auto" data-testid="redaction-left">{one().text}</p>
              </Show>
            </>
          )}
        </Show>
      </div>
    </section>
  );
}

export function Lines(props: { lines: Line[]; rows: boolean; label: string }): JSX.Element {
  return (
    <div class="cost-scroll" tabIndex={0} role="region" aria-label={props.label}>
      <table class="pairs cost-table">
        <thead><tr>
          <th scope="col">{t().redaction.app}</th>
          <th scope="col">{t().redaction.rule}</th>
          <th scope="col">{t().redaction.times}</th>
          <Show when={props.rows}><th scope="col">{t().redaction.rows}</th></Show>
        </tr></thead>
        <tbody>
          <For each={props.lines}>
            {(line) => (
              <tr>
                <th scope="row"><bdi>{oneLine(line.app ?? '') || t().redaction.noApp}</bdi></th>
                <td><code>{line.rule}</code></td>
                <td class="num">{f().number(line.times)}</td>
                <Show when={props.rows}><td class="num">{f().number(line.rows)}</td></Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

interface Run { spans: number; hit: number; counts: Line[]; state: 'running' | 'ended' | 'stopped' }

function added(all: Line[], more: Line[]): Line[] {
  const sums = new Map(all.map((line) => [`${line.app ?? ''}\n${line.rule}`, { ...line }]));
  for (const line of more) {
    const key = `${line.app ?? ''}\n${line.rule}`;
    const known = sums.get(key);
    if (known) known.times += line.times;
    else sums.set(key, { ...line });
  }
  return [...sums.values()].sort((a, b) => b.times - a.times);
}

export function PastTrial(props: {
  draft: () => Record<string, unknown> | null; from: string; to: string;
}): JSX.Element {
  const [app, setApp] = createSignal('');
  const [withDraft, setWithDraft] = createSignal(false);
  const [run, setRun] = createSignal<Run | null>(null);
  const [problem, setProblem] = createSignal('');
  let stop = false;
  onCleanup(() => { stop = true; });
  const start = async () => {
    stop = false;
    setProblem('');
    let all: Run = { spans: 0, hit: 0, counts: [], state: 'running' };
    setRun(all);
    const rule = withDraft() ? props.draft() : null;
    // The time is that of the beginning: what comes meanwhile is not read.
    const asked = { app: app(), from: props.from, to: props.to, limit: stepSpans,
      ...(rule ? { rule } : {}) };
    let cursor: string | null = '';
    try {
      while (cursor !== null && !stop) {
        const step = await redactionApi.dryRun({ ...asked, cursor });
        cursor = step.next;
        all = { spans: all.spans + step.spans, hit: all.hit + step.spans_hit,
          counts: added(all.counts, step.counts), state: 'running' };
        setRun(all);
      }
      setRun({ ...all, state: cursor === null ? 'ended' : 'stopped' });
    } catch (error) {
      setRun({ ...all, state: 'stopped' });
      setProblem(wordsOf(error));
    }
  };
  const running = () => run()?.state === 'running';
  return (
    <section data-testid="redaction-dry">
      <h2>{t().redaction.dry}</h2>
      <p class="quiet">{t().redaction.dryExplain}</p>
      <form class="cost-fields" onSubmit={(event) => { event.preventDefault(); void start(); }}>
        <label>{t().redaction.app}
          <input value={app()} onInput={(event) => setApp(event.currentTarget.value)} /></label>
        <label class="redaction-draft">
          <input type="checkbox" checked={withDraft()}
            onChange={(event) => setWithDraft(event.currentTarget.checked)} />
          {' '}{t().redaction.asDraft}</label>
        <Show when={!running()} fallback={
          <button type="button" class="button" onClick={() => { stop = true; }}>
            {t().redaction.stop}</button>}>
          <button type="submit" class="button">{t().redaction.run}</button></Show>
      </form>
      <p role="status" classList={{ bad: problem() !== '' }}>{problem()}
        <Show when={problem() === '' && run()}>
          {(now) => <>{t().redaction.progress(f().number(now().spans), f().number(now().hit))}{' '}
            {now().state === 'ended' ? t().redaction.ended
              : now().state === 'stopped' ? t().redaction.stopped : ''}</>}
        </Show></p>
      <Show when={(run()?.counts.length ?? 0) > 0}>
        <Lines lines={run()?.counts ?? []} rows={false} label={t().redaction.dry} />
      </Show>
    </section>
  );
}
