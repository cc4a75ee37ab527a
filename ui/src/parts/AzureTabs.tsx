// The two pages about Azure.
import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { tEconomics } from '../i18n/economics';

export function AzureTabs(): JSX.Element {
  return (
    <nav class="azure-tabs" aria-label={tEconomics().tabs}>
      <A href="/azure" end>{tEconomics().tabState}</A>
      <A href="/azure/consumption">{tEconomics().tabConsumption}</A>
    </nav>
  );
}
