// How to send traces from here.
import type { JSX } from 'solid-js';
import { tConnect } from '../i18n/connect';
import { useTitle } from '../lib/title';
import ConnectGuide from './ConnectGuide';

export default function ConnectPage(): JSX.Element {
  useTitle(() => tConnect().title);
  return (
    <div class="page">
      <h1>{tConnect().title}</h1>
      <ConnectGuide />
    </div>
  );
}
