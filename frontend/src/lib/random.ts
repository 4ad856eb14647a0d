/** An unguessable key. `crypto.randomUUID` wants a secure context, which a webmail at home may lack. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
