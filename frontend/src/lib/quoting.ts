import { displayName, formatAddress, type Person, sameAddress } from './addresses.ts';
import { fullDate } from './dates.ts';
import { escapeHtml } from './html.ts';
import { t } from './words.ts';

/** What is needed of a message to answer or forward it. */
export interface Original {
  from: Person[];
  replyTo: Person[];
  to: Person[];
  cc: Person[];
  subject: string;
  sentAt: string | null;
  receivedAt: string;
}

/** `Re: plan`, never `Re: Re: plan`; the prefixes of other languages count as well. */
export function replySubject(subject: string): string {
  const bare = subject.replace(/^(\s*(re|aw|sv|antw|rv|odp|vs)(\[\d+\])?\s*:\s*)+/i, '').trim();
  return `Re: ${bare}`.trim();
}

export function forwardSubject(subject: string): string {
  const bare = subject.replace(/^(\s*(fwd?|wg|tr|rv|enc|i)\s*:\s*)+/i, '').trim();
  return `Fwd: ${bare}`.trim();
}

/** Who gets the answer. Answering one's own mail goes to those it went to; nobody is named twice. */
export function replyRecipients(
  original: Original,
  own: string[],
  all: boolean,
): { to: Person[]; cc: Person[] } {
  const mine = (person: Person) => own.some((address) => sameAddress(address, person.email));
  const wrote = original.replyTo.length > 0 ? original.replyTo : original.from;
  const byMe = original.from.some(mine);
  const others = original.to.filter((person) => !mine(person));
  let to = wrote;
  if (byMe && wrote.every(mine)) to = others.length > 0 ? others : original.to;
  let cc: Person[] = [];
  if (all) {
    to = byMe ? to : [...to, ...others];
    cc = original.cc.filter((person) => !mine(person));
  }
  const uniqueTo = unique(to);
  return {
    to: uniqueTo,
    cc: unique(cc).filter((one) => !uniqueTo.some((other) => sameAddress(one.email, other.email))),
  };
}

function unique(people: Person[]): Person[] {
  return people.filter(
    (person, index) => people.findIndex((other) => sameAddress(other.email, person.email)) === index,
  );
}

/** The quoted original below an answer. `html` must be clean already. */
export function quote(original: Original, html: string): string {
  const author = original.from[0];
  const line = t('quote.wrote', {
    date: fullDate(original.sentAt ?? original.receivedAt),
    name: author ? displayName(author) : t('message.noSender'),
  });
  return `<p></p><p>${escapeHtml(line)}</p><blockquote>${html}</blockquote>`;
}

/** The forwarded original, with the heads that say what it was. `html` must be clean already. */
export function forwarded(original: Original, html: string): string {
  const lines = [
    [t('head.from'), original.from.map(formatAddress).join(', ')],
    [t('head.date'), fullDate(original.sentAt ?? original.receivedAt)],
    [t('head.subject'), original.subject],
    [t('head.to'), original.to.map(formatAddress).join(', ')],
    [t('head.cc'), original.cc.map(formatAddress).join(', ')],
  ].filter(([, value]) => value);
  const heads = lines
    .map(([name, value]) => `${escapeHtml(name ?? '')}: ${escapeHtml(value ?? '')}`)
    .join('<br>');
  return `<p></p><p>${escapeHtml(t('quote.forwarded'))}</p><p>${heads}</p>${html}`;
}

/**
 * Takes what is answered or forwarded out of a text. What its writer wrote stays, quotes of their own too; but not those
 * below the line that says who wrote, since an answer from line to line has the other's words there.
 */
export function dropOriginal(text: ParentNode, kind: 'answer' | 'forward'): void {
  const blocks = [...text.children];
  if (kind === 'forward') {
    const at = blocks.findIndex(isForwarded);
    if (at >= 0) for (const one of blocks.slice(at)) one.remove();
    return;
  }
  const isQuoted = (at: number) =>
    blocks.slice(at + 1).find((one) => one.textContent.trim() || one.localName === 'blockquote')
      ?.localName === 'blockquote';
  const lineAs = (says: (line: string) => boolean) =>
    blocks.findIndex((one, at) => says(one.textContent.trim()) && isQuoted(at));
  const ours = lineAs(isOurs);
  const line = ours >= 0 ? ours : lineAs(isOthers);
  if (line < 0) return;
  for (const [at, one] of blocks.entries())
    if (at === line || (at > line && one.localName === 'blockquote')) one.remove();
}

/** Ours, or that of another program in which it was begun. */
function isForwarded({ textContent }: Element): boolean {
  const line = textContent.trim();
  return line === t('quote.forwarded') || /^-{2,} ?\p{L}[^\n]{0,60}\p{L} ?-{2,}$/u.test(line);
}

/** `quote.wrote` in every language: a draft may have been begun in another one. */
export const ATTRIBUTIONS = [
  { before: 'On ', between: ', ', after: ' wrote:' },
  { before: 'El ', between: ', ', after: ' escribió:' },
  { before: 'Am ', between: ' schrieb ', after: ':' },
];

function isOurs(line: string): boolean {
  return ATTRIBUTIONS.some(({ before, between, after }) => {
    const date = line.slice(before.length);
    return line.startsWith(before) && date.includes(between) && line.endsWith(after) && /\p{Nd}/u.test(date);
  });
}

/** So do other programs name when it was written, or by which address. */
function isOthers(line: string): boolean {
  return line.length < 500 && line.endsWith(':') && /\p{Nd}[:.h]\p{Nd}|\p{Nd}{4}|@/u.test(line);
}
