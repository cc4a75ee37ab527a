// The frame around every page: side bar, shortcuts, the prompt for a key.
import {
  A, Route, Router, type RouteSectionProps, useIsRouting, useNavigate,
} from '@solidjs/router';
import { createResource, createSignal, For, type JSX, lazy, onMount, Show, Suspense } from 'solid-js';
import { api, inFlight, keyWanted } from './api/client';
import { language, languages, type Language, setLanguage } from './i18n/language';
import { tCommon, tNav, tPalette } from './i18n/shell';
import { useCommandKey, useShortcuts } from './lib/keys';
import { latestOf } from './lib/latest';
import { setTheme, type Theme, theme } from './lib/theme';
import { pages } from './pages/page_list';
import { KeyPrompt } from './parts/KeyPrompt';
import { Icon } from './parts/Icons';
import { PageSkeleton } from './parts/Skeleton';
import logo from './style/catalejo.svg';

// Each is fetched when first opened, with the texts and the parts that it needs.
const Palette = lazy(() => import('./pages/Palette'));
const KeyHelp = lazy(() => import('./parts/KeyHelp'));
const HomePage = lazy(() => import('./pages/HomePage'));
const TracesPage = lazy(() => import('./pages/TracesPage'));
const GroupsPage = lazy(() => import('./pages/GroupsPage'));
const SessionPage = lazy(() => import('./pages/SessionPage'));
const CostsPage = lazy(() => import('./pages/CostsPage'));
const LossPage = lazy(() => import('./pages/LossPage'));
const ConnectPage = lazy(() => import('./pages/ConnectPage'));
const DatasetsPage = lazy(() => import('./pages/DatasetsPage'));
const PatternsPage = lazy(() => import('./pages/PatternsPage'));
const DatasetPage = lazy(() => import('./pages/DatasetPage'));
const ExperimentsPage = lazy(() => import('./pages/ExperimentsPage'));
const NewExperimentPage = lazy(() => import('./pages/NewExperimentPage'));
const ExperimentPage = lazy(() => import('./pages/ExperimentPage'));
const DashboardsPage = lazy(() => import('./pages/DashboardsPage'));
const DashboardPage = lazy(() => import('./pages/DashboardPage'));
const MonitorsPage = lazy(() => import('./pages/MonitorsPage'));
const MonitorPage = lazy(() => import('./pages/MonitorPage'));
const DowntimesPage = lazy(() => import('./pages/DowntimesPage'));
const ChannelsPage = lazy(() => import('./pages/ChannelsPage'));
const PromptsPage = lazy(() => import('./pages/PromptsPage'));
const PromptPage = lazy(() => import('./pages/PromptPage'));
const PlaygroundPage = lazy(() => import('./pages/PlaygroundPage'));
const UserPage = lazy(() => import('./pages/UserPage'));
const QueuesPage = lazy(() => import('./pages/QueuesPage'));
const QueuePage = lazy(() => import('./pages/QueuePage'));
const EvaluationsPage = lazy(() => import('./pages/EvaluationsPage'));
const RedactionPage = lazy(() => import('./pages/RedactionPage'));
const JudgesPage = lazy(() => import('./pages/JudgesPage'));
const AzurePage = lazy(() => import('./pages/AzurePage'));
const ConsumptionPage = lazy(() => import('./pages/ConsumptionPage'));
const ReviewPage = lazy(() => import('./pages/ReviewPage'));
const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

function NotFound(): JSX.Element {
  return (
    <div class="page">
      <h1>404</h1>
      <p>{tCommon().notFound}</p>
      <p><A href="/traces" class="button">{tCommon().toTraces}</A></p>
    </div>
  );
}

function Choices(props: { onHelp: () => void }): JSX.Element {
  return (
    <div class="choices">
      <label>
        <span class="off-screen">{tNav().language}</span>
        <select data-testid="lang-switch" aria-label={tNav().language} value={language()}
          onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          <For each={Object.entries(languages)}>
            {([code, name]) => (
              <option value={code} lang={code} selected={code === language()}>{name}</option>
            )}
          </For>
        </select>
      </label>
      <label>
        <span class="off-screen">{tNav().theme}</span>
        <select data-testid="theme-switch" aria-label={tNav().theme} value={theme()}
          onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          <option value="system">{tNav().themeSystem}</option>
          <option value="dark">{tNav().themeDark}</option>
          <option value="light">{tNav().themeLight}</option>
        </select>
      </label>
      <button type="button" class="bare help" title={`${tNav().keys} (?)`}
        aria-label={tNav().keys} onClick={() => props.onHelp()}>
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
  const isRouting = useIsRouting();
  useShortcuts({
    '?': () => setHelp(true),
    ...Object.fromEntries(pages.map((page) => [`g ${page.letter}`, () => navigate(page.path)])),
  });
  useCommandKey(() => setPalette(true));
  onMount(() => document.documentElement.classList.add('started'));
  return (
    <div class="shell">
      <a class="skip" href="#main">{tNav().skip}</a>
      <nav class="side" aria-label={tNav().label}>
        <A href="/" end class="brand" aria-label="Catalejo"><img src={logo} alt="" width="24" height="24" />
          <span>Catalejo</span></A>
        <button type="button" class="nav-link palette-button" onClick={() => setPalette(true)}
          title={tPalette().title} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="command" /><span>{tPalette().open}</span><kbd>{commandKey}</kbd></button>
        <For each={pages}>
          {(page) => (
            <A href={page.path} end={page.path === '/'} class="nav-link" aria-label={tNav()[page.name]}
              title={`${tNav()[page.name]} (g ${page.letter})`}>
              <Icon name={page.icon} /><span>{tNav()[page.name]}</span></A>
          )}
        </For>
        <span class="spacer" />
        <Choices onHelp={() => setHelp(true)} />
        <Show when={latestOf(info)?.version}>
          {(version) => <p class="version num">{tNav().server} {version()}</p>}
        </Show>
      </nav>
      <div class="progress-line" classList={{ on: inFlight() > 0 || isRouting() }}
        data-testid="progress-line" aria-hidden="true" />
      <main id="main" tabIndex={0} aria-busy={inFlight() > 0}>
        <Suspense fallback={<PageSkeleton />}>{props.children}</Suspense></main>
      <Show when={palette()}>
        <Suspense><Palette onClose={() => setPalette(false)} /></Suspense></Show>
      <Show when={help()}>
        <Suspense><KeyHelp onClose={() => setHelp(false)} /></Suspense></Show>
      <Show when={keyWanted()}><KeyPrompt /></Show>
    </div>
  );
}

export function App(): JSX.Element {
  return (
    <Router root={Shell}>
      <Route path="/" component={HomePage} />
      <Route path="/traces/:id?" component={TracesPage} />
      <Route path="/sessions" component={() => <GroupsPage kind="session" />} />
      <Route path="/sessions/:id" component={SessionPage} />
      <Route path="/dashboards" component={DashboardsPage} />
      <Route path="/dashboards/:id" component={DashboardPage} />
      <Route path="/monitors" component={MonitorsPage} />
      <Route path="/monitors/channels" component={ChannelsPage} />
      <Route path="/monitors/downtimes" component={DowntimesPage} />
      <Route path="/monitors/:id" component={MonitorPage} />
      <Route path="/users" component={() => <GroupsPage kind="user" />} />
      <Route path="/users/:id" component={UserPage} />
      <Route path="/patterns" component={PatternsPage} />
      <Route path="/datasets" component={DatasetsPage} />
      <Route path="/datasets/:id" component={DatasetPage} />
      <Route path="/experiments" component={ExperimentsPage} />
      <Route path="/experiments/new" component={NewExperimentPage} />
      <Route path="/experiments/:id" component={ExperimentPage} />
      <Route path="/prompts" component={PromptsPage} />
      <Route path="/prompts/:id" component={PromptPage} />
      <Route path="/playground" component={PlaygroundPage} />
      <Route path="/queues" component={QueuesPage} />
      <Route path="/queues/:id" component={QueuePage} />
      <Route path="/queues/:id/review" component={ReviewPage} />
      <Route path="/costs" component={CostsPage} />
      <Route path="/evaluations" component={EvaluationsPage} />
      <Route path="/judges" component={JudgesPage} />
      <Route path="/redaction" component={RedactionPage} />
      <Route path="/azure" component={AzurePage} />
      <Route path="/azure/consumption" component={ConsumptionPage} />
      <Route path="/loss" component={LossPage} />
      <Route path="/connect" component={ConnectPage} />
      <Route path="*" component={NotFound} />
    </Router>
  );
}
