import type { Identity, Message } from '../../api/client.ts';
import { getText } from '../../api/client.ts';
import { type Person, sameAddress } from '../../lib/addresses.ts';
import { textToHtml } from '../../lib/html.ts';
import { forwarded, forwardSubject, quote, replyRecipients, replySubject } from '../../lib/quoting.ts';
import type { Start } from './compose.svelte.ts';
import type { Attached } from './drafts.ts';

export type Answer = 'reply' | 'replyAll' | 'forward' | 'asNew';

/** The start of an answer: to whom, about what, with the original below. */
export async function answerTo(
  message: Message,
  kind: Answer,
  accountId: string,
  identities: Identity[],
): Promise<Start> {
  const addressed = [...message.to, ...message.cc, ...message.bcc];
  // Who sent it does so again; an answer comes from the address the mail was sent to.
  const from =
    kind === 'asNew'
      ? senderFor(identities, message.from, addressed)
      : senderFor(identities, addressed, message.from);
  const signature = signatureOf(from, identities);
  const body = await originalHtml(message);
  if (kind === 'asNew') {
    const { to, cc, bcc, subject } = message;
    return { accountId, from, to, cc, bcc, subject, html: body, attachments: filesOf(message) };
  }
  if (kind === 'forward') {
    return {
      accountId,
      from,
      subject: forwardSubject(message.subject),
      html: `<p></p>${signature}${forwarded(message, body)}`,
      forwardOf: message.id,
      attachments: filesOf(message),
    };
  }
  const own = identities.map((one) => one.email);
  const { to, cc } = replyRecipients(message, own, kind === 'replyAll');
  return {
    accountId,
    from,
    to,
    cc,
    subject: replySubject(message.subject),
    html: `<p></p>${signature}${quote(message, body)}`,
    inReplyTo: message.id,
  };
}

/** All of them: what the page shows is not in the text that is forwarded. */
function filesOf(message: Message): Attached[] {
  return message.attachments.map(({ partId, name, type, size }) => ({
    key: partId,
    name,
    type,
    size,
    part: { messageId: message.id, partId },
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

async function originalHtml(message: Message): Promise<string> {
  if (message.body.html === null) return textToHtml(message.body.text ?? '');
  try {
    const { cleanHtml } = await import('../../lib/sanitize.ts');
    return cleanHtml(await getText(`/messages/${encodeURIComponent(message.id)}/html`));
  } catch {
    return textToHtml(message.body.text ?? '');
  }
}
