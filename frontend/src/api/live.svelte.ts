import { SvelteMap } from 'svelte/reactivity';

/** How far the provider's state is known for an account. */
interface AccountLive {
  state: 'ok' | 'credentials-rejected' | 'unreachable';
  since: Date;
}

/** What is true right now and nobody keeps: connections, sync progress, the provider's mood. */
class Live {
  online = $state(navigator.onLine);
  /** Something on the screen is what was kept on this device, as the server could not be reached. */
  saved = false;
  /** False while the event stream is down for longer than a moment. */
  connected = $state(true);
  accounts = new SvelteMap<string, AccountLive>();
  syncs = new SvelteMap<string, { done: number; total: number }>();
  /** The last thing worth saying aloud; a screen reader reads it. */
  said = $state('');

  constructor() {
    addEventListener('online', () => {
      this.online = true;
    });
    addEventListener('offline', () => {
      this.online = false;
    });
  }

  account(accountId: string, state: AccountLive['state']): void {
    if (this.accounts.get(accountId)?.state !== state)
      this.accounts.set(accountId, { state, since: new Date() });
  }

  stale(accountId: string, stale: boolean): void {
    const now = this.accounts.get(accountId)?.state;
    if (stale && (now === undefined || now === 'ok')) this.account(accountId, 'unreachable');
    if (!stale && now === 'unreachable') this.account(accountId, 'ok');
  }
}

export const live = new Live();
