import { render } from 'solid-js/web';
import { App } from './app';
import { startLanguage } from './i18n';
import { startTheme } from './lib/theme';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/list.css';
import './style/search.css';
import './style/trace.css';
import './style/span.css';
import './style/pages.css';
import './style/explore.css';
import './style/cost.css';

startTheme();
startLanguage();
const root = document.getElementById('root');
if (root) render(() => <App />, root);
