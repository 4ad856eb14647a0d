interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (text: string) => string },
  ): { createScriptURL(text: string): string };
}

const WORKER = '/worker.js';

/** Lets the worker that brings the webmail without a network do so from now on. */
export function registerWorker(): void {
  // By name, as nothing else of ours may become a script.
  const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
    'valija-service-worker',
    { createScriptURL: () => WORKER },
  );
  // Where it is forbidden, or the page is not served securely, the webmail needs its network.
  navigator.serviceWorker?.register(policy?.createScriptURL(WORKER) ?? WORKER).catch(() => undefined);
}
