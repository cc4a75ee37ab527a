// How to send traces from here: lines to copy for the reader's own case, and a wait that turns
// into a link when the first span arrives.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js';
import { api } from '../api/client';
import { onInserted } from '../api/live';
import { tConnect } from '../i18n/connect';
import { tCommon } from '../i18n/shell';
import { latestOf } from '../lib/latest';
import { type Case, cases, placeOf, snippetsOf } from '../lib/snippets';
import { Copy } from '../parts/Copy';
import { Icon } from '../parts/Icons';

function Wait(props: { before: number }): JSX.Element {
  const [arrived, setArrived] = createSignal(false);
  onMount(() => onCleanup(onInserted((event) => { if (event.spans > 0) setArrived(true); })));
  return (
    <p class="wait" role="status" data-testid="connect-wait" classList={{ good: arrived() }}>
      <Show when={arrived()} fallback={
        <>
          <span class="pulse" aria-hidden="true" />
          <span>{tConnect().waiting}
            <Show when={props.before > 0}>
              {' '}<span class="quiet">{tConnect().alreadyMany}</span>
            </Show>
          </span>
        </>
      }>
        <Icon name="ok" /> {tConnect().arrived}{' '}
        <A href="/traces?live=1" class="primary">{tConnect().open}</A>
      </Show>
    </p>
  );
}

export default function ConnectGuide(props: { empty?: boolean }): JSX.Element {
  const [chosen, setChosen] = createSignal<Case>('python');
  const [info] = createResource(() => api.info().catch(() => null));
  const [ledger] = createResource(() => api.ledger().catch(() => null));
  const place = () => placeOf(latestOf(info) ?? null, location.hostname, location.origin);
  return (
    <div class="connect" data-testid="connect-guide">
      <Show when={props.empty}><h2>{tConnect().emptyLead}</h2></Show>
      <p class="lead">{tConnect().lead}</p>
      <div class="switch" role="group" aria-label={tConnect().title}>
        <For each={cases}>
          {(one) => (
            <button type="button" aria-pressed={chosen() === one} onClick={() => setChosen(one)}>
              {tConnect().cases[one]}
            </button>
          )}
        </For>
      </div>
      <p>{tConnect().notes[chosen()]}</p>
      <For each={snippetsOf(chosen(), place())}>
        {(snippet) => (
          <figure class="snippet">
            <figcaption>{tConnect().steps[snippet.step]}
              <Copy text={() => snippet.text} what={tConnect().steps[snippet.step]}
                label={tCommon().copy} />
            </figcaption>
            <pre class="mono" tabIndex={0}>{snippet.text}</pre>
          </figure>
        )}
      </For>
      <Show when={chosen() !== 'python' && chosen() !== 'node' && latestOf(info)}>
        {(i) => <p class="quiet">{i().keys_exist ? tConnect().keyNote : tConnect().noKeyNote}</p>}
      </Show>
      <Wait before={latestOf(ledger)?.spans.received ?? 0} />
    </div>
  );
}
