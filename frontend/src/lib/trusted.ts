interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML: (text: string) => string },
  ): { createHTML(text: string): string };
}

const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  'valija-mail-frame',
  { createHTML: (text) => text },
);

/**
 * Text as the document of a mail's frame. The application's policy (Trusted Types) lets no other text of ours become
 * markup: who calls this answers for the text being clean and the frame being sandboxed.
 */
export function frameMarkup(text: string): string {
  return policy?.createHTML(text) ?? text;
}
