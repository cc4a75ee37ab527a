// The frame around every page: side bar, shortcuts, the prompt for a key.
import {
  A, Route, Router, type RouteSectionProps, useNavigate,
} from '@solidjs/router';
import { createResource, createSignal, For, type JSX, lazy, onMount, Show, Suspense } from 'solid-js';
import { api, keyWanted } from './api/client';
import { language, languages, type Language, setLanguage, t } from './i18n';
import { useCommandKey, useShortcuts } from './lib/keys';
import { setTheme, type Theme, theme } from './lib/theme';
import { ConnectPage } from './pages/ConnectPage';
import { CostsPage } from './pages/CostsPage';
import { SessionsPage, UsersPage } from './pages/GroupsPage';
import { HomePage } from './pages/HomePage';
import { LossPage } from './pages/LossPage';
import { pages } from './pages/page_list';
import { SessionPage } from './pages/SessionPage';
import { TracesPage } from './pages/TracesPage';
import { KeyHelp, KeyPrompt } from './parts/Dialogs';
import { Icon } from './parts/Icons';
import logo from './style/catalejo.svg';

// Fetched when first opened.
const Palette = lazy(() => import('./pages/Palette'));
const DatasetsPage = lazy(() => import('./pages/DatasetsPage'));
const PatternsPage = lazy(() => import('./pages/PatternsPage'));
const DatasetPage = lazy(() => import('./pages/DatasetPage'));
const ExperimentsPage = lazy(() => import('./pages/ExperimentsPage'));
const ExperimentPage = lazy(() => import('./pages/ExperimentPage'));
const PromptsPage = lazy(() => import('./pages/PromptsPage'));
const PromptPage = lazy(() => import('./pages/PromptPage'));
const UserPage = lazy(() => import('./pages/UserPage'));
const QueuesPage = lazy(() => import('./pages/QueuesPage'));
const QueuePage = lazy(() => import('./pages/QueuePage'));
const EvaluationsPage = lazy(() => import('./pages/EvaluationsPage'));
const RedactionPage = lazy(() => import('./pages/RedactionPage'));
const JudgesPage = lazy(() => import('./pages/JudgesPage'));
const ReviewPage = lazy(() => import('./pages/ReviewPage'));
const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

function NotFound(): JSX.Element {
  return (
    <div class="page">
      <h1>404</h1>
      <p>{t().common.notFound}</p>
      <p><A href="/traces" class="button">{t().common.toTraces}</A></p>
    </div>
  );
}

function Choices(props: { onHelp: () => void }): JSX.Element {
  return (
    <div class="choices">
      <label>
        <span class="off-screen">{t().nav.language}</span>
        <select data-testid="lang-switch" aria-label={t().nav.language} value={language()}
          onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          <For each={Object.entries(languages)}>
            {([code, messages]) => (
              <option value={code} lang={code} selected={code === language()}>
                {messages.languageName}
              </option>
            )}
          </For>
        </select>
      </label>
      <label>
        <span class="off-screen">{t().nav.theme}</span>
        <select data-testid="theme-switch" aria-label={t().nav.theme} value={theme()}
          onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          <option value="system">{t().nav.themeSystem}</option>
          <option value="dark">{t().nav.themeDark}</option>
          <option value="light">{t().nav.themeLight}</option>
        </select>
      </label>
      <button type="button" class="bare help" title={`${t().nav.keys} (?)`}
        aria-label={t().nav.keys} onClick={() => props.onHelp()}>
        <Icon name="help" />
      </button>
    </div>
  );
}

function Shell(props: RouteSectionProps): JSX.Element {
  const [help, setHelp] = createSignal(false);
  const [info] = createResource(() => api.info().catch(() => null));
  const [palette, setPalette] = createSignal(false);
  const navigate = useNavigate();
  useShortcuts({
    '?': () => setHelp(true),
    ...Object.fromEntries(pages.map((page) => [`g ${page.letter}`, () => navigate(page.path)])),
  });
  useCommandKey(() => setPalette(true));
  onMount(() => document.documentElement.classList.add('started'));
  return (
    <div class="shell">
      <a class="skip" href="#main">{t().nav.skip}</a>
      <nav class="side" aria-label={t().nav.label}>
        <A href="/" end class="brand" aria-label="Catalejo"><img src={logo} alt="" width="24" height="24" />
          <span>Catalejo</span></A>
        <button type="button" class="nav-link palette-button" onClick={() => setPalette(true)}
          title={t().palette.title} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="command" /><span>{t().palette.open}</span><kbd>{commandKey}</kbd></button>
        <For each={pages}>
          {(page) => (
            <A href={page.path} end={page.path === '/'} class="nav-link" aria-label={t().nav[page.name]}
              title={`${t().nav[page.name]} (g ${page.letter})`}>
              <Icon name={page.icon} /><span>{t().nav[page.name]}</span></A>
          )}
        </For>
        <span class="spacer" />
        <Choices onHelp={() => setHelp(true)} />
        <Show when={info()?.version}>
          {(version) => <p class="version num">{t().nav.server} {version()}</p>}
        </Show>
      </nav>
      <main id="main" tabIndex={0}><Suspense>{props.children}</Suspense></main>
      <Show when={palette()}>
        <Suspense><Palette onClose={() => setPalette(false)} /></Suspense></Show>
      <Show when={help()}><KeyHelp onClose={() => setHelp(false)} /></Show>
      <Show when={keyWanted()}><KeyPrompt /></Show>
    </div>
  );
}

export function App(): JSX.Element {
  return (
    <Router root={Shell}>
      <Route path="/" component={HomePage} />
      <Route path="/traces/:id?" component={TracesPage} />
      <Route path="/sessions" component={SessionsPage} />
      <Route path="/sessions/:id" component={SessionPage} />
      <Route path="/users" component={UsersPage} />
      <Route path="/users/:id" component={UserPage} />
      <Route path="/patterns" component={PatternsPage} />
      <Route path="/datasets" component={DatasetsPage} />
      <Route path="/datasets/:id" component={DatasetPage} />
      <Route path="/experiments" component={ExperimentsPage} />
      <Route path="/experiments/:id" component={ExperimentPage} />
      <Route path="/prompts" component={PromptsPage} />
      <Route path="/prompts/:id" component={PromptPage} />
      <Route path="/queues" component={QueuesPage} />
      <Route path="/queues/:id" component={QueuePage} />
      <Route path="/queues/:id/review" component={ReviewPage} />
      <Route path="/costs" component={CostsPage} />
      <Route path="/evaluations" component={EvaluationsPage} />
      <Route path="/judges" component={JudgesPage} />
      <Route path="/redaction" component={RedactionPage} />
      <Route path="/loss" component={LossPage} />
      <Route path="/connect" component={ConnectPage} />
      <Route path="*" component={NotFound} />
    </Router>
  );
}
