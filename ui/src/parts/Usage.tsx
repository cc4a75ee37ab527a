// Tokens of one call, input and output as lengths of one bar; other measures below as numbers.
import { createMemo, For, type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tSpan } from '../i18n/span';
import { oneLine } from '../lib/text';

const order = [
  'input_tokens', 'cache_read_input_tokens', 'output_tokens', 'reasoning_output_tokens',
  'total_tokens',
] as const;

export function Usage(props: { metrics: Record<string, number> }): JSX.Element {
  const input = () => props.metrics['input_tokens'] ?? 0;
  const output = () => props.metrics['output_tokens'] ?? 0;
  const tokens = createMemo(() => order.filter((name) => props.metrics[name] !== undefined));
  const others = createMemo(() => Object.entries(props.metrics)
    .filter(([name]) => !(order as readonly string[]).includes(name)));
  return (
    <>
      <Show when={tokens().length > 0}>
        <details class="section" open>
          <summary><h3>{tSpan().usage}</h3></summary>
          <Show when={input() + output() > 0}>
            <div class="usage-bar" aria-hidden="true">
              <span class="usage-input" style={{ flex: input() }} />
              <span class="usage-output" style={{ flex: output() }} />
            </div>
          </Show>
          <table class="pairs"><tbody>
            <For each={tokens()}>
              {(name) => (
                <tr><th scope="row">{tSpan().usageNames[name]}</th>
                  <td class="num">{f().number(props.metrics[name] ?? 0)}</td></tr>
              )}
            </For>
          </tbody></table>
        </details>
      </Show>
      <Show when={others().length > 0}>
        <details class="section">
          <summary><h3>{tSpan().measures}</h3>
            <span class="quiet num">{others().length}</span></summary>
          <table class="pairs"><tbody>
            <For each={others()}>
              {([name, value]) => (
                <tr><th scope="row"><bdi class="mono">{oneLine(name)}</bdi></th>
                  <td class="num">{f().number(value)}</td></tr>
              )}
            </For>
          </tbody></table>
        </details>
      </Show>
    </>
  );
}
