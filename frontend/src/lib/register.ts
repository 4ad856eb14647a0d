import { workerScript } from './trusted.ts';

/** Lets the worker that brings the webmail without a network do so from now on. */
export function registerWorker(): void {
  // Where it is forbidden, or the page is not served securely, the webmail needs its network.
  navigator.serviceWorker?.register(workerScript('/worker.js')).catch(() => undefined);
}
