interface Policy {
  createHTML(text: string): string;
  createScriptURL(text: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Partial<Policy>): Policy;
}

const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const frames = types?.createPolicy('valija-mail-frame', { createHTML: (text) => text });
const workers = types?.createPolicy('valija-worker', {
  createScriptURL(address) {
    if (!/^\/\w/.test(address)) throw new TypeError(`not a worker of ours: ${address}`);
    return address;
  },
});

/**
 * Text as the document of a mail's frame. The application's policy (Trusted Types) lets no other text of ours become
 * markup: who calls this answers for the text being clean and the frame being sandboxed.
 */
export function frameMarkup(text: string): string {
  return frames?.createHTML(text) ?? text;
}

/** The path of a file of ours as what a worker runs; no other address becomes one. */
export function workerScript(path: string): string {
  return workers?.createScriptURL(path) ?? path;
}
