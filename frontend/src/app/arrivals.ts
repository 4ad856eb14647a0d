import { live } from '../api/live.svelte.ts';
import { t } from '../lib/words.ts';

const QUIET_MS = 10_000;
let lastSaid = 0;

/** Tells a screen reader of new mail, politely: not again within ten seconds. */
export function sayArrived(n: number): void {
  if (n === 0 || Date.now() - lastSaid < QUIET_MS) return;
  lastSaid = Date.now();
  live.said = t('live.arrived', { n });
}
