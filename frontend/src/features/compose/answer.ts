import type { Identity, Message } from '../../api/client.ts';
import { getText } from '../../api/client.ts';
import { type Person, sameAddress } from '../../lib/addresses.ts';
import { textToHtml } from '../../lib/html.ts';
import { forwarded, forwardSubject, quote, replyRecipients, replySubject } from '../../lib/quoting.ts';
import type { Start } from './compose.svelte.ts';
import { type Attached, newContentId } from './drafts.ts';

export type Answer = 'reply' | 'replyAll' | 'forward' | 'asNew';

/** As whom one writes, and in which account the draft is kept. */
export interface Senders {
  accountId: string;
  /** Those whose name is meant where one is: in a shared account its own. */
  meant: Identity[];
  /** All that one may be. */
  all: Identity[];
}

/** The start of an answer: to whom, about what, with the original below. */
export async function answerTo(
  message: Message,
  kind: Answer,
  { accountId, meant, all }: Senders,
): Promise<Start> {
  const addressed = [...message.to, ...message.cc, ...message.bcc];
  // Who sent it does so again; an answer comes from the address the mail was sent to.
  const from =
    kind === 'asNew' ? senderFor(meant, message.from, addressed) : senderFor(meant, addressed, message.from);
  const signature = signatureOf(from, all);
  const { html: body, pictures } = await originalHtml(message);
  const files = () => filesOf(message, pictures);
  if (kind === 'asNew') {
    const { to, cc, bcc, subject } = message;
    return { accountId, from, to, cc, bcc, subject, html: body, attachments: files() };
  }
  if (kind === 'forward') {
    return {
      accountId,
      from,
      subject: forwardSubject(message.subject),
      html: `<p></p>${signature}${forwarded(message, body)}`,
      forwardOf: message.id,
      attachments: files(),
    };
  }
  const own = all.map((one) => one.email);
  const { to, cc } = replyRecipients(message, own, kind === 'replyAll');
  return {
    accountId,
    from,
    to,
    cc,
    subject: replySubject(message.subject),
    html: `<p></p>${signature}${quote(message, body)}`,
    attachments: files().filter((one) => one.contentId),
    inReplyTo: message.id,
  };
}

/** All of them, and which are the pictures of the text: Content-ID by part. */
function filesOf(message: Message, pictures: Map<string, string>): Attached[] {
  return message.attachments.map(({ partId, name, type, size }) => ({
    key: partId,
    name,
    type,
    size,
    part: { messageId: message.id, partId },
    ...(pictures.has(partId) ? { contentId: pictures.get(partId) } : {}),
  }));
}

/** The signature as a mail starts with it. */
export function signatureOf(from: Person, identities: Identity[]): string {
  const html = identities.find((one) => sameAddress(one.email, from.email))?.signatureHtml;
  return html ? `<p></p>${html}` : '';
}

/** The first of one's own among these people, group by group; or the first of all. */
export function senderFor(identities: Identity[], ...groups: Person[][]): Person {
  const own = (people: Person[]) =>
    identities.find((one) => people.some((person) => sameAddress(person.email, one.email)));
  const { name, email } = groups.map(own).find((one) => one) ?? identities[0] ?? { name: null, email: '' };
  return { name, email };
}

/** The text, its pictures under Content-IDs that no other mail has; `pictures` has these by part. */
interface Text {
  html: string;
  pictures: Map<string, string>;
}

async function originalHtml(message: Message): Promise<Text> {
  const plain = () => ({ html: textToHtml(message.body.text ?? ''), pictures: new Map() });
  if (message.body.html === null) return plain();
  try {
    const { cleanQuote } = await import('../../lib/sanitize.ts');
    const page = await getText(`/messages/${encodeURIComponent(message.id)}/html?images=parts`);
    return withPictures(message, cleanQuote(page));
  } catch {
    return plain();
  }
}

function withPictures(message: Message, text: HTMLElement): Text {
  const parts = `/api/v1/messages/${message.id}/parts/`;
  const pictures = new Map<string, string>();
  for (const image of text.querySelectorAll('img')) {
    const address = image.getAttribute('src') ?? '';
    const partId = address.startsWith(parts) ? address.slice(parts.length) : '';
    if (message.attachments.some((one) => one.partId === partId)) {
      const contentId = pictures.get(partId) ?? newContentId();
      pictures.set(partId, contentId);
      image.setAttribute('src', `cid:${contentId}`);
    } else image.remove();
  }
  return { html: text.innerHTML, pictures };
}
