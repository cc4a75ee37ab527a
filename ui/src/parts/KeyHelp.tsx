// What the keys do.
import { For, type JSX } from 'solid-js';
import { tKeys } from '../i18n/keys';
import { Dialog } from './Dialog';

const keyRows = [
  ['everywhere', [['Ctrl+K ⌘+K', 'palette'], ['/', 'search'], ['g+t', 'goTraces'],
    ['g+s', 'goSessions'], ['g+u', 'goUsers'], ['g+q', 'goQueues'], ['g+l', 'goLoss'], ['g+c', 'goConnect'],
    ['Esc', 'close'],
    ['?', 'help']]],
  ['list', [['j k ↓ ↑', 'move'], ['Home End', 'ends'], ['Enter', 'open'], ['.', 'news'],
    ['l', 'live'], ['o O', 'sort'], ['x', 'choose'], ['Shift+x', 'reach']]],
  ['review', [['1-9', 'label'], ['↓ ↑', 'labels'], ['Enter', 'submit'], ['n j', 'nextItem'],
    ['p k', 'previousItem'], ['s', 'skip'], ['u', 'undo']]],
  ['trace', [['[ ]', 'siblings'], ['1 2 3 4', 'views'], ['↓ ↑ Home End', 'spans'],
    ['← →', 'fold'], ['e', 'error'], ['s', 'slowest'], ['t', 'cost'], ['v', 'evaluation'],
    ['y n', 'opinion'], ['f', 'full']]],
] as const;

export default function KeyHelp(props: { onClose: () => void }): JSX.Element {
  return (
    <Dialog title={tKeys().title} onClose={() => props.onClose()}>
      <For each={keyRows}>
        {([group, rows]) => (
          <>
            <h3>{tKeys().groups[group]}</h3>
            <dl class="key-list">
              <For each={rows}>
                {([keys, what]) => (
                  <div>
                    <dt><For each={keys.split(' ')}>
                      {(key) => <span><For each={key.split('+')}>{(one) => <kbd>{one}</kbd>}
                      </For></span>}</For></dt>
                    <dd>{tKeys().rows[what]}</dd>
                  </div>
                )}
              </For>
            </dl>
          </>
        )}
      </For>
      <p class="quiet key-note">{tKeys().note}</p>
    </Dialog>
  );
}
