import type { components } from '../src/api/schema.d.ts';

type Schemas = components['schemas'];
type Role = Schemas['ShareRole'];
type Reply = { status?: number; json?: unknown; type?: string };

const OWN = '1';
const THEIRS = '2';
const owner = 'luis@demo.valija.test';
const colleague = 'ben@demo.valija.test';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

interface Asked {
  key: string;
  parts: string[];
  url: URL;
  body: unknown;
  /** Where a message is. */
  mailboxOf: (id: string) => string | undefined;
}

/** Ids say whose they are in the made-up world. */
export function accountOf(id: string): string {
  return id.split('-')[0] ?? '';
}

const refused = (status: number, slug: string): Reply => ({
  status,
  json: { type: `/problems/${slug}`, title: slug, status },
  type: 'application/problem+json',
});

/** What a user shares and what is shared with them; until `mock/sharing` is asked for, nothing is. */
export function makeSharing(me: string, emit: (event: string, data: unknown) => void) {
  let ids = 0;
  let begun = false;
  let role: Role = 'triage';
  let given: Schemas['Share'][] = [];
  let received: Schemas['ReceivedShare'][] = [];
  let comments: Schemas['Comment'][] = [];
  let people: Schemas['Presence'][] = [];

  const receive = (more: Partial<Schemas['ReceivedShare']>) =>
    received.push({
      id: String(++ids),
      accountId: THEIRS,
      address: 'support@demo.valija.test',
      owner,
      mailboxId: null,
      mailboxName: null,
      role: 'triage',
      state: 'accepted',
      invitedAt: ago(4_000),
      ...more,
    });
  const give = (more: Partial<Schemas['Share']>): Schemas['Share'] => {
    const share: Schemas['Share'] = {
      id: String(++ids),
      accountId: OWN,
      mailboxId: null,
      mailboxName: null,
      address: colleague,
      role: 'read',
      state: 'invited',
      invitedAt: ago(0),
      ...more,
    };
    given.push(share);
    return share;
  };
  const reset = () => {
    begun = false;
    role = 'triage';
    [given, received, comments, people] = [[], [], [], []];
  };
  const begin = () => {
    reset();
    begun = true;
    receive({ mailboxId: '2-1', mailboxName: 'INBOX' });
    receive({
      accountId: '3',
      address: 'harbour-association@demo.valija.test',
      owner: 'marta.oliveira@demo.valija.test',
      mailboxId: '3-4',
      mailboxName: 'Members, fees and reminders',
      role: 'send',
      state: 'invited',
    });
    give({
      state: 'accepted',
      role: 'triage',
      mailboxId: '1-9',
      mailboxName: 'Survey 2026',
      invitedAt: ago(9_000),
    });
    give({ address: 'zoe@demo.valija.test', role: 'full', invitedAt: ago(80) });
    give({
      address: 'jonas@weber.example',
      state: 'declined',
      mailboxId: '1-10',
      mailboxName: 'Receipts',
      invitedAt: ago(3_000),
    });
    emit('share', { accountId: THEIRS });
    emit('share', { accountId: OWN });
  };
  const log = (): Schemas['AccessLogEntry'][] => {
    const entry = (
      minutes: number,
      action: Schemas['AccessLogEntry']['action'],
      count: number,
      more: Partial<Schemas['AccessLogEntry']> = {},
    ) => ({
      id: String(minutes),
      at: ago(minutes),
      who: colleague,
      action,
      whom: null,
      mailboxId: '1-9',
      messageId: null,
      count,
      ...more,
    });
    return [
      entry(4, 'moved', 3),
      entry(9, 'opened', 1),
      entry(31, 'marked', 12),
      entry(80, 'invited', 0, { who: me, whom: 'zoe@demo.valija.test', mailboxId: null }),
      entry(200, 'sent', 1, { mailboxId: null }),
      entry(2_900, 'commented', 1),
      entry(2_990, 'declined', 0, { who: 'jonas@weber.example', mailboxId: '1-10' }),
      ...Array.from({ length: 40 }, (_, n) => entry(3_000 + n * 90, n % 3 === 0 ? 'deleted' : 'opened', 1)),
      entry(9_000, 'accepted', 0),
    ];
  };
  const commentsOf = (messageId: string, mailboxId: string) => {
    const all = comments.filter((one) => one.messageId === messageId);
    if (all.length > 0 || accountOf(mailboxId) !== THEIRS) return all;
    const said = (author: string, text: string, minutes: number) =>
      comments.push({
        id: String(++ids),
        messageId,
        author,
        mine: author === me,
        text,
        writtenAt: ago(minutes),
      });
    said(owner, 'Do we still have the old drawings? I think Marta took them to the harbour office.', 70);
    said(me, 'Yes, second shelf.\nI can scan them tomorrow.', 12);
    return comments.filter((one) => one.messageId === messageId);
  };

  const ofShares = (key: string, [, id = '', , shareId = '']: string[], body: unknown): Reply | undefined => {
    const asked = body as { state?: 'accepted'; role?: Role; address?: string; mailboxId?: string | null };
    const share = given.find((one) => one.id === shareId);
    switch (key) {
      case 'GET accounts/:id/shares':
        return { json: { items: given } };
      case 'POST accounts/:id/shares':
        if (given.some((one) => one.address === asked.address && one.mailboxId === asked.mailboxId))
          return refused(409, 'already-exists');
        return { status: 201, json: give({ ...asked, mailboxName: asked.mailboxId ? 'Survey 2026' : null }) };
      case 'PATCH accounts/:id/shares/:id':
        return share ? { json: Object.assign(share, asked) } : refused(404, 'not-found');
      case 'DELETE accounts/:id/shares/:id':
        given = given.filter((one) => one !== share);
        return { status: 204 };
      case 'GET shares':
        return { json: { items: received.toSorted((a, b) => b.state.localeCompare(a.state)) } };
      case 'PATCH shares/:id': {
        const invitation = received.find((one) => one.id === id);
        if (asked.state === 'accepted') return { json: Object.assign(invitation ?? {}, asked) };
        received = received.filter((one) => one !== invitation);
        return { json: invitation };
      }
      case 'DELETE shares/:id':
        received = received.filter((one) => one.id !== id);
        begun = received.some((one) => one.accountId === THEIRS);
        return { status: 204 };
      default:
        return undefined;
    }
  };

  const besideMessages = ({ key, parts: [, id = '', , commentId], body, mailboxOf }: Asked) => {
    switch (key) {
      case 'GET messages/:id/comments':
        return { json: { items: commentsOf(id, mailboxOf(id) ?? '') } };
      case 'POST messages/:id/comments': {
        const { text } = body as { text: string };
        const comment = { id: String(++ids), messageId: id, author: me, mine: true, text, writtenAt: ago(0) };
        comments.push(comment);
        return { status: 201, json: comment };
      }
      case 'DELETE messages/:id/comments/:id':
        comments = comments.filter((one) => one.id !== commentId);
        return { status: 204 };
      case 'PUT messages/:id/presence':
        return { json: { people } };
      default:
        return undefined;
    }
  };

  const changesMail = new Set(['PATCH messages', 'DELETE messages']);
  /** What is the owner's alone is refused where it is asked for all the same. */
  const isOwners = (key: string, id: string, mailboxId: string | undefined) =>
    (key.startsWith('GET accounts/:id/') && id !== OWN && key !== 'GET accounts/:id/mailboxes') ||
    (/^\w+ messages\/:id\/(receipt|draft|unsubscribe|invitation\/)/.test(key) &&
      mailboxId !== undefined &&
      accountOf(mailboxId) !== OWN);

  return {
    reset,
    mayFile: (mailboxId: string) => accountOf(mailboxId) === OWN || role !== 'read',
    sees: (mailboxId: string) => accountOf(mailboxId) === OWN || begun,
    accounts: (): Schemas['Account'][] =>
      begun
        ? [
            {
              id: THEIRS,
              address: 'support@demo.valija.test',
              name: 'Support',
              state: 'ok',
              maxMessageSize: null,
              access: { role, whole: false, owner },
            },
          ]
        : [],
    /** Undefined for what is not about this. */
    answer: (asked: Asked): Reply | undefined => {
      const { key, parts, url, body, mailboxOf } = asked;
      const [, id = ''] = parts;
      const message = url.searchParams.get('id') ?? '';
      switch (key) {
        case 'GET mock/sharing':
          begin();
          return { status: 204 };
        case 'GET mock/joined': {
          people = [{ address: owner, doing: 'replying' }];
          const event = { accountId: THEIRS, messageId: message, address: owner, doing: 'replying' };
          emit('presence', event);
          return { status: 204 };
        }
        case 'GET mock/role':
          role = (url.searchParams.get('role') ?? 'send') as Role;
          emit('share', { accountId: THEIRS });
          return { status: 204 };
        case 'GET mock/revoked':
          begun = false;
          received = received.filter((one) => one.accountId !== THEIRS);
          emit('account', { accountId: THEIRS, state: 'removed' });
          emit('share', { accountId: THEIRS });
          return { status: 204 };
        case 'GET accounts/:id/identities':
          if (id !== THEIRS || role !== 'send') break;
          return {
            json: {
              items: [
                {
                  id: '2',
                  accountId: THEIRS,
                  name: 'Support',
                  email: 'support@demo.valija.test',
                  signatureHtml: '<p>The support team</p>',
                },
              ],
            },
          };
        case 'GET accounts/:id/log': {
          const at = Number(url.searchParams.get('cursor') ?? 0);
          const limit = Number(url.searchParams.get('limit') ?? 50);
          const all = log();
          const next = at + limit < all.length ? String(at + limit) : null;
          return { json: { items: all.slice(at, at + limit), next } };
        }
      }
      const { ids = [] } = (body ?? {}) as { ids?: string[] };
      const inTheirs = ids.some((one) => accountOf(mailboxOf(one) ?? OWN) !== OWN);
      if (changesMail.has(key) && role === 'read' && inTheirs) return refused(403, 'not-allowed');
      if (isOwners(key, id, mailboxOf(id))) return refused(403, 'not-allowed');
      if (key === 'GET accounts/:id/mailboxes' && id !== OWN && !(id === THEIRS && begun))
        return refused(404, 'not-found');
      return ofShares(key, parts, body) ?? besideMessages(asked);
    },
  };
}
