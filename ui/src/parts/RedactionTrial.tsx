// Rules tried before they hold: on a text, and on spans that are stored.
import { createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { type Found, type Line, redactionApi } from '../api/redaction';
import { f } from '../i18n/language';
import { tRedaction } from '../i18n/redaction';
import { piecesOf } from '../lib/pieces';
import { oneLine } from '../lib/text';
import { problemWords } from './Notice';

const stepSpans = 200;

// Whose rules are tried, and whether the one in the form is among them.
function Subject(props: {
  app: string; onApp: (app: string) => void; withDraft: boolean; onDraft: (on: boolean) => void;
}): JSX.Element {
  return (
    <>
      <label>{tRedaction().app}
        <input value={props.app} onInput={(event) => props.onApp(event.currentTarget.value)} />
      </label>
      <label class="redaction-draft">
        <input type="checkbox" checked={props.withDraft}
          onChange={(event) => props.onDraft(event.currentTarget.checked)} />
        {' '}{tRedaction().asDraft}</label>
    </>
  );
}

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
      setProblem(problemWords(error));
    }
  };
  return (
    <section data-testid="redaction-test">
      <h2>{tRedaction().test}</h2>
      <form onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <div class="cost-fields">
          <Subject app={app()} onApp={setApp} withDraft={withDraft()} onDraft={setWithDraft} />
        </div>
        <label class="redaction-text">{tRedaction().text}
          <textarea rows="4" value={text()} required
            onInput={(event) => setText(event.currentTarget.value)} /></label>
        <button type="submit" class="button">{tRedaction().tryIt}</button>
      </form>
      <div role="status" classList={{ bad: problem() !== '' }}>
        {problem()}
        <Show when={problem() === '' && tried()}>
          {(one) => (
            <>
              <p>{one().found.length === 0 ? tRedaction().nothing
                : tRedaction().found(one().found.length)}</p>
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
                <h3>{tRedaction().left}</h3>
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
          <th scope="col">{tRedaction().app}</th>
          <th scope="col">{tRedaction().rule}</th>
          <th scope="col">{tRedaction().times}</th>
          <Show when={props.rows}><th scope="col">{tRedaction().rows}</th></Show>
        </tr></thead>
        <tbody>
          <For each={props.lines}>
            {(line) => (
              <tr>
                <th scope="row"><bdi>{oneLine(line.app ?? '') || tRedaction().noApp}</bdi></th>
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
      setProblem(problemWords(error));
    }
  };
  const running = () => run()?.state === 'running';
  return (
    <section data-testid="redaction-dry">
      <h2>{tRedaction().dry}</h2>
      <p class="quiet">{tRedaction().dryExplain}</p>
      <form class="cost-fields" onSubmit={(event) => { event.preventDefault(); void start(); }}>
        <Subject app={app()} onApp={setApp} withDraft={withDraft()} onDraft={setWithDraft} />
        <Show when={!running()} fallback={
          <button type="button" class="button" onClick={() => { stop = true; }}>
            {tRedaction().stop}</button>}>
          <button type="submit" class="button">{tRedaction().run}</button></Show>
      </form>
      <p role="status" classList={{ bad: problem() !== '' }}>{problem()}
        <Show when={problem() === '' && run()}>
          {(now) => <>{tRedaction().progress(f().number(now().spans), f().number(now().hit))}{' '}
            {now().state === 'ended' ? tRedaction().ended
              : now().state === 'stopped' ? tRedaction().stopped : ''}</>}
        </Show></p>
      <Show when={(run()?.counts.length ?? 0) > 0}>
        <Lines lines={run()?.counts ?? []} rows={false} label={tRedaction().dry} />
      </Show>
    </section>
  );
}
