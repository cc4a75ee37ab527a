// How to send traces from here: lines to copy for the reader's own case, and a wait that turns
// into a link when the first span arrives.
import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js';
import { api } from '../api/client';
import { onInserted } from '../api/live';
import { t } from '../i18n';
import { type Case, cases, placeOf, snippetsOf } from '../lib/snippets';
import { useTitle } from '../lib/title';
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
          <span>{t().connect.waiting}
            <Show when={props.before > 0}>
              {' '}<span class="quiet">{t().connect.alreadyMany}</span>
            </Show>
          </span>
        </>
      }>
        <Icon name="ok" /> {t().connect.arrived}{' '}
        <A href="/traces?live=1" class="primary">{t().connect.open}</A>
      </Show>
    </p>
  );
}

export function ConnectGuide(props: { empty?: boolean }): JSX.Element {
  const [chosen, setChosen] = createSignal<Case>('python');
  const [info] = createResource(() => api.info().catch(() => null));
  const [ledger] = createResource(() => api.ledger().catch(() => null));
  const place = () => placeOf(info() ?? null, location.hostname, location.origin);
  return (
    <div class="connect" data-testid="connect-guide">
      <Show when={props.empty}><h2>{t().connect.emptyLead}</h2></Show>
      <p class="lead">{t().connect.lead}</p>
      <div class="switch" role="group" aria-label={t().connect.title}>
        <For each={cases}>
          {(one) => (
            <button type="button" aria-pressed={chosen() === one} onClick={() => setChosen(one)}>
              {t().connect.cases[one]}
            </button>
          )}
        </For>
      </div>
      <p>{t().connect.notes[chosen()]}</p>
      <For each={snippetsOf(chosen(), place())}>
        {(snippet) => (
          <figure class="snippet">
            <figcaption>{t().connect.steps[snippet.step]}
              <Copy text={() => snippet.text} what={t().connect.steps[snippet.step]}
                label={t().common.copy} />
            </figcaption>
            <pre class="mono" tabIndex={0}>{snippet.text}</pre>
          </figure>
        )}
      </For>
      <Show when={chosen() !== 'python' && chosen() !== 'node' && info()}>
        {(i) => <p class="quiet">{i().keys_exist ? t().connect.keyNote : t().connect.noKeyNote}</p>}
      </Show>
      <Wait before={ledger()?.spans.received ?? 0} />
    </div>
  );
}

export function ConnectPage(): JSX.Element {
  useTitle(() => t().connect.title);
  return (
    <div class="page">
      <h1>{t().connect.title}</h1>
      <ConnectGuide />
    </div>
  );
}
