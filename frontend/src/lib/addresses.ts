/** A person as mail knows them. */
export interface Person {
  name: string | null;
  email: string;
}

/** The name, or the address where there is none. */
export function displayName({ name, email }: Person): string {
  return name?.trim() || email;
}

/** `Anna <anna@example.org>`, quoted where RFC 5322 3.2.4 wants it. */
export function formatAddress({ name, email }: Person): string {
  if (!name?.trim()) return email;
  const plain = /^[^()<>[\]:;@\\,."]*$/.test(name);
  return `${plain ? name : `"${name.replace(/(["\\])/g, '\\$1')}"`} <${email}>`;
}

/** Splits what a person types or pastes: commas, semicolons and line breaks part addresses, quotes protect. */
export function parseAddresses(text: string): Person[] {
  const pieces: string[] = [];
  let piece = '';
  let quoted = false;
  let angle = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' && quoted) {
      piece += char + text.charAt(++i);
      continue;
    }
    if (char === '"') quoted = !quoted;
    else if (char === '<' && !quoted) angle = true;
    else if (char === '>' && !quoted) angle = false;
    const parts = char === ',' || char === ';' || char === '\n';
    if (parts && !quoted && !angle) {
      pieces.push(piece);
      piece = '';
    } else piece += char;
  }
  pieces.push(piece);
  return pieces
    .map((one) => one.trim())
    .filter(Boolean)
    .flatMap(splitBare)
    .map(parseOne);
}

/** `a@x.org b@y.org` is two addresses; `Anna Maria <a@x.org>` is one. */
function splitBare(piece: string): string[] {
  const words = piece.split(/\s+/);
  return words.length > 1 && words.every((word) => /^[^\s<>"]+@[^\s<>"]+$/.test(word)) ? words : [piece];
}

function parseOne(piece: string): Person {
  const match = /^(.*?)<([^<>]*)>\s*$/s.exec(piece);
  if (!match) return { name: null, email: piece.replace(/^mailto:/i, '') };
  const raw = (match[1] ?? '').trim();
  const name = /^".*"$/s.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw;
  return { name: name || null, email: (match[2] ?? '').trim() };
}

/** Good enough to be worth a try at the server, which decides. */
export function isAddress(email: string): boolean {
  if (email.length > 320) return false;
  const at = email.lastIndexOf('@');
  if (at < 1 || at > 64) return false;
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  const localOk = /^"([^"\\]|\\.)+"$/.test(local) || /^[^\s"(),:;<>@[\\\]]+$/u.test(local);
  return localOk && !/(^\.|\.\.|\.$)/.test(local) && isDomain(domain);
}

function isDomain(domain: string): boolean {
  if (/^\[.+\]$/.test(domain)) return true;
  return domain
    .split('.')
    .every(
      (label) => label.length <= 63 && /^[\p{L}\p{N}]([\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u.test(label),
    );
}

/** The same mailbox, whatever the case. */
export function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Two letters and a hue for an avatar, steady for an address. */
export function initials(person: Person): string {
  const words = displayName(person)
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .map((word) => [...word].find((char) => /[\p{L}\p{N}]/u.test(char)) ?? '')
    .filter(Boolean);
  const first = words[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (first + last).toLocaleUpperCase();
}

export function hue(email: string): number {
  let hash = 7;
  for (const char of email.toLowerCase()) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3600;
  return hash % 360;
}
