// English of the explorer: palette, keys, views of a trace, sessions. Part of en.ts.

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const exploreEn = {
  palette: {
    open: 'Go to…',
    title: 'Command palette',
    placeholder: 'A page, a value to filter by, a trace id…',
    goTo: (page: string) => `Go to ${page}`,
    openTrace: (id: string) => `Open trace ${id}`,
    searchFor: (text: string) => `Search for “${text}” in inputs and outputs`,
    failed: 'Show only what failed',
  },
  keys: {
    title: 'Keyboard',
    groups: { everywhere: 'Everywhere', list: 'In a list', trace: 'In a trace', review: 'In a review' },
    note: 'Shortcuts rest while you type.',
    rows: {
      palette: 'command palette',
      search: 'search',
      goTraces: 'go to traces',
      goSessions: 'go to sessions',
      goQueues: 'go to annotation queues',
      choose: 'choose the row',
      reach: 'choose up to the row',
      label: 'choose an answer',
      labels: 'from label to label',
      submit: 'submit and next',
      nextItem: 'next item',
      previousItem: 'previous item',
      skip: 'skip',
      undo: 'undo',
      goLoss: 'go to the loss ledger',
      goConnect: 'go to connect',
      move: 'next, previous row',
      ends: 'first, last row loaded',
      open: 'open the row',
      close: 'close what is open',
      news: 'show new calls',
      live: 'live on or off',
      sort: 'sort by another column, turn around',
      siblings: 'previous, next trace of the list',
      views: 'tree, waterfall, messages, graph',
      spans: 'next, previous, first, last span',
      fold: 'unfold, fold, go to the parent',
      error: 'next failed span',
      slowest: 'slowest span',
      cost: 'most expensive call',
      evaluation: 'next failed evaluation',
      full: 'full page or drawer',
      help: 'this help',
    },
  },
  explore: {
    livePaused: 'Live, paused',
  },
  columns: {
    title: 'Columns',
    shown: 'Shown, in this order',
    hidden: 'Not shown',
    reset: 'Back to the usual columns',
    earlier: (column: string) => `Move ${column} earlier`,
    later: (column: string) => `Move ${column} later`,
    sortBy: (column: string) => `Sort by ${column}; press again to turn the order around`,
    names: {
      name: 'Name', deployment: 'Deployment', service: 'Service', ml_app: 'Application',
      env: 'Environment', session: 'Session', user: 'User', spans: 'Spans', llm_calls: 'Calls',
      provider: 'Provider', error_type: 'Error type',
    },
  },
  exporting: {
    title: 'Export',
    what: 'Everything that fits the filters, not only what is loaded.',
    whatCount: (count: string) => `${count} rows fit the filters; all of them are exported.`,
    csv: 'CSV, for a spreadsheet',
    jsonl: 'JSON Lines, for a program',
    parquet: (rows: string) => `Parquet, for DuckDB or pandas (the newest ${rows})`,
    received: (size: string) => `${size} so far…`,
    file: (size: string) => `One file, ${size}.`,
    progress: (rows: string) => `${rows} rows so far…`,
    done: (rows: string, size: string) => `${rows} rows, ${size}.`,
    cancelled: 'Cancelled; nothing was saved.',
    failed: (why: string) => `The export stopped: ${why}`,
  },
  traceViews: {
    label: 'How to look at this trace',
    tree: 'Tree',
    waterfall: 'Waterfall',
    messages: 'Messages',
    graph: 'Graph',
    hints: {
      tree: 'Spans in order, with the chosen one beside them',
      waterfall: 'Time over the whole width',
      messages: 'The whole trace read as a conversation',
      graph: 'Who called whom',
    },
  },
  jump: {
    label: 'Go to',
    error: 'Next failed span',
    slowest: 'Slowest span',
    cost: 'Most expensive',
    evaluation: 'Failed evaluation',
  },
  thread: {
    title: 'The whole trace as a conversation',
    empty: 'No span of this trace recorded a text.',
    repeated: (count: number, shown: string) =>
      plural(count, '1 earlier message, said again', `${shown} earlier messages, said again`),
    show: (name: string) => `Show span ${name}`,
    more: (left: string) => `Show more (${left} left)`,
    page: (from: string, to: string, total: string) => `Steps ${from} to ${to} of ${total}`,
    before: 'Earlier',
    after: 'Later',
  },
  graph: {
    title: 'Who called whom',
    empty: 'This trace has no LLM spans to draw.',
    leftOut: (count: string) => `${count} spans lie deeper than what is drawn.`,
    tokens: (count: string) => `${count} tok`,
    failed: (count: string) => `${count} failed`,
    box: (p: { kind: string; name: string; count: number; failed: number; figures: string }) =>
      `${p.kind} ${p.name}${p.count > 1 ? `, ${p.count} times` : ''}${
        p.failed > 0 ? `, ${p.failed} failed` : ''}, ${p.figures}`,
  },
  compare: {
    title: 'Two spans compared',
    pick: 'Pick to compare',
    unpick: 'Picked as A; let go',
    with: (name: string) => `Compare with ${name} (A)`,
    close: 'Close the comparison',
    same: 'the same',
    folded: (count: string) => ` … ${count} characters the same … `,
    noText: 'Neither span recorded a text.',
    parameters: 'Parameters',
    figures: 'Figures',
    name: 'Name',
  },
  azure: {
    title: 'What Azure said',
    refused: (categories: string, jailbreak: boolean) => {
      const why = categories ? ` for ${categories}` : '';
      return jailbreak
        ? `The content filter took the prompt for an attempt to talk the model out of its rules (jailbreak)${categories ? `, and also stopped it${why}` : ''}. The model was not asked.`
        : `The content filter stopped the prompt${why}. The model was not asked.`;
    },
    answerStopped: (categories: string) => `The content filter cut the answer off for ${categories}.`,
    retried: (p: { count: number; shown: string; status: string; waited: string }) =>
      `${p.shown} ${plural(p.count, 'retry', 'retries')}${p.status ? ` after ${p.status}` : ''}; ${p.waited} lost.`,
    retryAfter: (wait: string) => `Azure asked to wait ${wait} before the next try.`,
    tokensLeft: (left: string, of: string) =>
      `${left}${of ? ` of ${of}` : ''} tokens were left in the minute’s quota of this deployment.`,
    requestsLeft: (left: string, of: string) =>
      `${left}${of ? ` of ${of}` : ''} requests were left in its quota.`,
    firstToken: (value: string, perSecond: string) =>
      `First token after ${value}${perSecond ? `, then ${perSecond} tokens a second` : ''}.`,
    requestId: 'Request id',
    sides: { prompt: 'Prompt, as the filter saw it', completion: 'Answer, as the filter saw it' },
    stopped: 'stopped',
    detected: 'found',
    notDetected: 'not found',
    severities: { safe: 'safe', low: 'low', medium: 'medium', high: 'high' },
    categories: {
      hate: 'Hate', sexual: 'Sexual', violence: 'Violence', self_harm: 'Self-harm',
      jailbreak: 'Jailbreak', indirect_attack: 'Indirect attack', profanity: 'Profanity',
      protected_material_text: 'Protected text', protected_material_code: 'Protected code',
      ungrounded_material: 'Ungrounded claims',
    },
  },
  rich: {
    mode: 'How texts are shown',
    modes: { markdown: 'Laid out', plain: 'Plain', raw: 'Raw' },
    hints: {
      markdown: 'Markdown laid out; no HTML, no pictures from elsewhere',
      plain: 'As written, hidden characters made visible',
      raw: 'As JSON, every character escaped as it was sent',
    },
    image: (alt: string) => `[Picture ${alt}: not fetched]`,
    code: 'Code',
    table: 'Table',
    brokenImage: 'The picture could not be read: its bytes are broken.',
  },
  sessions: {
    title: 'Sessions',
    one: 'Session',
    sentence: (p: {
      count: number; shown: string; more: boolean; failed: number; failedShown: string;
    }) => p.count === 0 ? 'No session in this time range.'
      : `${p.more ? 'The latest ' : ''}${p.shown} ${plural(p.count, 'session', 'sessions')}, ${
        p.failed === 0 ? 'in none of them did a turn fail'
          : `${p.failedShown} with a failed turn`}.`,
    what: 'A session is every call that carries the same session id: one conversation over many traces.',
    columns: { last: 'Last active', session: 'Session, user', said: 'First input, last output',
      turns: 'Turns', lasted: 'Lasted' },
    failed: (count: number, shown: string) => plural(count, '1 failed', `${shown} failed`),
    empty: 'No call in this time range carries a session id.',
    teach: 'Give your spans the id of the conversation, and its turns stand here in order:',
    back: 'All sessions',
    none: 'No trace of this session is stored in this time range.',
    verdict: (p: {
      turns: number; shown: string; failed: number; failedShown: string; lasted: string;
    }) => `${p.shown} ${plural(p.turns, 'turn', 'turns')} in ${p.lasted}, ${
      p.failed === 0 ? 'none failed' : `${p.failedShown} failed`}.`,
    waited: 'Time waited for',
    asList: 'These traces as a list',
    cut: (count: string) => `Only the first ${count} turns are shown.`,
    later: (pause: string) => `${pause} later`,
    whole: 'Whole turn',
    less: 'In short',
    trace: 'Open trace',
  },
};
