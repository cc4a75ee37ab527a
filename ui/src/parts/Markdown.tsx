// Text with marks, laid out. The parser only names the parts; every part is made here as an
// element with text in it, so there is no HTML to clean: tags a model wrote are shown as written,
// pictures are named and never fetched, addresses are followed only when they are web or mail.
import { lexer, type Token, type Tokens } from 'marked';
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { tRich } from '../i18n/span';
import { Copy } from './Copy';
import { Pieces } from './PlainText';

function safeHref(href: string): string | null {
  return /^(https?:\/\/|mailto:)/i.test(href.trim()) ? href.trim() : null;
}

// "&amp;" and the like stand for one character; no other way to write one is known here.
const entities: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0',
};
const decoded = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole);

function Link(props: { token: Tokens.Link }): JSX.Element {
  return (
    <Show when={safeHref(props.token.href)} fallback={<Pieces text={props.token.raw} />}>
      {(href) => (
        <a href={href()} target="_blank" rel="noreferrer noopener nofollow" title={href()}>
          <Inline tokens={props.token.tokens} /></a>
      )}
    </Show>
  );
}

function Inline(props: { tokens: Token[] | undefined }): JSX.Element {
  return (
    <For each={props.tokens}>
      {(token) => (
        <Switch fallback={<Pieces text={token.raw} />}>
          <Match when={token.type === 'text' || token.type === 'escape'}>
            <Show when={(token as Tokens.Text).tokens} fallback={
              <Pieces text={decoded((token as Tokens.Text).text)} />}>
              <Inline tokens={(token as Tokens.Text).tokens} /></Show>
          </Match>
          <Match when={token.type === 'strong'}>
            <strong><Inline tokens={(token as Tokens.Strong).tokens} /></strong></Match>
          <Match when={token.type === 'em'}>
            <em><Inline tokens={(token as Tokens.Em).tokens} /></em></Match>
          <Match when={token.type === 'del'}>
            <del><Inline tokens={(token as Tokens.Del).tokens} /></del></Match>
          <Match when={token.type === 'codespan'}>
            <code><Pieces text={(token as Tokens.Codespan).text} /></code></Match>
          <Match when={token.type === 'br'}><br /></Match>
          <Match when={token.type === 'link'}><Link token={token as Tokens.Link} /></Match>
          <Match when={token.type === 'image'}>
            <span class="md-image">{tRich().image((token as Tokens.Image).text)}{' '}
              <code><Pieces text={(token as Tokens.Image).href} /></code></span></Match>
          <Match when={token.type === 'checkbox'}>
            <span aria-hidden="true">{(token as { checked?: boolean }).checked ? '☑ ' : '☐ '}</span>
          </Match>
        </Switch>
      )}
    </For>
  );
}

function Table(props: { token: Tokens.Table }): JSX.Element {
  const align = (i: number) => ({ 'text-align': props.token.align[i] ?? 'start' }) as const;
  return (
    <div class="md-table" role="region" aria-label={tRich().table} tabIndex={0}>
      <table>
        <thead><tr><For each={props.token.header}>
          {(cell, i) => <th style={align(i())}><Inline tokens={cell.tokens} /></th>}
        </For></tr></thead>
        <tbody><For each={props.token.rows}>
          {(row) => (
            <tr><For each={row}>
              {(cell, i) => <td style={align(i())}><Inline tokens={cell.tokens} /></td>}
            </For></tr>
          )}
        </For></tbody>
      </table>
    </div>
  );
}

function Items(props: { token: Tokens.List }): JSX.Element {
  const items = () => (
    <For each={props.token.items}>{(item) => <li><Blocks tokens={item.tokens} /></li>}</For>
  );
  return (
    <Show when={props.token.ordered} fallback={<ul class="md-list">{items()}</ul>}>
      <ol class="md-list" start={Number(props.token.start) || 1}>{items()}</ol>
    </Show>
  );
}

function Blocks(props: { tokens: Token[] | undefined }): JSX.Element {
  return (
    <For each={(props.tokens ?? []).filter((token) => token.type !== 'space')}>
      {(token) => (
        <Switch fallback={<Inline tokens={[token]} />}>
          <Match when={token.type === 'paragraph'}>
            <p><Inline tokens={(token as Tokens.Paragraph).tokens} /></p></Match>
          <Match when={token.type === 'html'}>
            <p><Pieces text={token.raw.trimEnd()} /></p></Match>
          <Match when={token.type === 'heading'}>
            <h5 class={`md-h${(token as Tokens.Heading).depth}`}>
              <Inline tokens={(token as Tokens.Heading).tokens} /></h5></Match>
          <Match when={token.type === 'code'}>
            <div class="md-code">
              <Copy text={() => (token as Tokens.Code).text} what={tRich().code} />
              <pre tabIndex={0} role="region" aria-label={tRich().code}>
                <Pieces text={(token as Tokens.Code).text} /></pre>
            </div></Match>
          <Match when={token.type === 'blockquote'}>
            <blockquote><Blocks tokens={(token as Tokens.Blockquote).tokens} /></blockquote></Match>
          <Match when={token.type === 'list'}><Items token={token as Tokens.List} /></Match>
          <Match when={token.type === 'table'}><Table token={token as Tokens.Table} /></Match>
          <Match when={token.type === 'hr'}><hr /></Match>
        </Switch>
      )}
    </For>
  );
}

export default function Markdown(props: { text: string }): JSX.Element {
  return (
    <div class="text md" dir="auto">
      <Blocks tokens={lexer(props.text, { gfm: true, breaks: true })} />
    </div>
  );
}
