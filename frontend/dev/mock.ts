import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import type { components } from '../src/api/schema.d.ts';
import { makeCollections } from './collections.ts';
import { makeContacts } from './contacts.ts';
import { invitationOf, trustOf } from './events.ts';
import { attachment, details, files } from './files.ts';
import { draftOf, submission, troubled } from './outbox.ts';
import { makeRetention } from './retention.ts';
import { accountOf, makeSharing } from './sharing.ts';
import { makeUploads } from './uploads.ts';
import { htmlBody, type Mail, makeWorld, plainBody } from './world.ts';

type Submission = components['schemas']['Submission'];
type Reply = { status?: number; json?: unknown; text?: string; bytes?: Buffer; type?: string };

const me = { name: 'Anna Ferreira', email: 'anna@demo.valija.test' };
const problem = (status: number, slug: string, title: string): Reply => ({
  status,
  json: { type: `/problems/${slug}`, title, status },
  type: 'application/problem+json',
});

/** A server in front of nothing, for working on the interface and for looking at its screens. */
export function mockApi(): Plugin {
  const api = makeApi();
  return {
    name: 'valija-mock',
    configureServer: (server) => void server.middlewares.use(api),
    configurePreviewServer: (server) => void server.middlewares.use(api),
  };
}

function makeApi(): Connect.NextHandleFunction {
  const { boxes, mails, make } = makeWorld();
  let contacts = makeContacts();
  let collections = makeCollections();
  const streams = new Set<ServerResponse>();
  const uploads = makeUploads();
  const submissions = new Map<string, { now: Submission; timer?: NodeJS.Timeout }>();
  const replies = new Map<
    string,
    { status: string; repliedAt: string; submissionId: string; outdated: boolean }
  >();
  const receipts = new Map<string, { state: string; answeredAt: string }>();
  const imageSenders: { id: string; email: string; addedAt: string }[] = [];
  let signedIn = false;
  let seq = 1;
  let arrivals = 1_000;
  let revisions = 0;
  let templates: { id: string; name: string; revision: number; [more: string]: unknown }[] = [];
  let identities: {
    id: string;
    accountId: string;
    name: string | null;
    email: string;
    signatureHtml: string | null;
  }[] = [];
  const drafts = new Map<string, { id: string; revision: number; content: unknown }>();

  const emit = (event: string, data: unknown) => {
    seq++;
    for (const stream of streams)
      stream.write(`id: ${seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const told = (
    mailboxId: string,
    change: { created?: string[]; updated?: string[]; destroyed?: string[] },
  ) =>
    emit('message', {
      accountId: accountOf(mailboxId),
      mailboxId,
      created: [],
      updated: [],
      destroyed: [],
      many: false,
      ...change,
    });
  const summary = (mail: Mail) => ({
    id: mail.id,
    mailboxId: mail.mailboxId,
    threadId: mail.id,
    from: [mail.from],
    to: [accountOf(mail.mailboxId) === '1' ? me : { name: 'Support', email: 'support@demo.valija.test' }],
    subject: mail.subject,
    preview: mail.preview,
    receivedAt: new Date(mail.receivedAt).toISOString(),
    sentAt: new Date(mail.receivedAt).toISOString(),
    size: mail.size,
    keywords: [...mail.keywords],
    hasAttachment: mail.kind === 'attached',
  });
  const mailbox = (box: (typeof boxes)[number]) => {
    const all = mails.get(box.id) ?? [];
    return {
      ...box,
      accountId: accountOf(box.id),
      path: [box.name],
      selectable: true,
      subscribed: true,
      total: all.length,
      unread: all.filter((mail) => !mail.keywords.has('$seen')).length,
      rights: {
        rename: !box.role && accountOf(box.id) === '1',
        delete: !box.role && accountOf(box.id) === '1',
        addMessages: sharing.mayFile(box.id),
        removeMessages: sharing.mayFile(box.id),
        destroyMessages: accountOf(box.id) === '1',
        setKeywords: sharing.mayFile(box.id),
        createChild: accountOf(box.id) === '1',
      },
      sync: { state: 'complete', done: all.length, total: all.length },
    };
  };
  const waiting: { id: string; messageId: string; remindAt: string; late: boolean }[] = [];
  const away = new Map<string, { id: string; until: string; mailboxId: string; late: boolean }>(
    (mails.get('1-11') ?? []).map(({ id }, n) => [
      id,
      {
        id,
        until: new Date(Date.now() + (n === 0 ? -3_600_000 : n * 20 * 3_600_000)).toISOString(),
        mailboxId: '1-1',
        late: n === 0,
      },
    ]),
  );
  const hold = (more: Partial<Submission>): Submission => {
    const now = submission(`s${++revisions}`, more);
    submissions.set(now.id, { now });
    emit('submission', { accountId: '1', submissionId: now.id, state: now.state });
    return now;
  };
  const pass = (id: string, state: Submission['state']): Submission => {
    const now = { ...(submissions.get(id)?.now ?? submission(id)), state, sendAt: null, cancellable: false };
    submissions.set(id, { now });
    emit('submission', { accountId: '1', submissionId: id, state });
    return now;
  };
  const find = (id: string) => {
    for (const all of mails.values()) for (const mail of all) if (mail.id === id) return mail;
    return undefined;
  };
  const mailboxOf = (id: string) => find(id)?.mailboxId;
  const passes = (filter: string | null) => (mail: Mail) =>
    !filter ||
    (filter === 'unread' && !mail.keywords.has('$seen')) ||
    (filter === 'flagged' && mail.keywords.has('$flagged')) ||
    (filter === 'attachment' && mail.kind === 'attached');
  const chosen = (body: { ids?: string[]; select?: { mailboxId: string; filter?: string } }): Mail[] => {
    if (body.select)
      return (mails.get(body.select.mailboxId) ?? []).filter(passes(body.select.filter ?? null));
    const ids = new Set(body.ids);
    return [...mails.values()].flat().filter((mail) => ids.has(mail.id));
  };
  const move = (chosenMails: Mail[], to: string | null) => {
    for (const source of new Set(chosenMails.map((mail) => mail.mailboxId))) {
      const here = new Set(chosenMails.filter((mail) => mail.mailboxId === source));
      mails.set(
        source,
        (mails.get(source) ?? []).filter((mail) => !here.has(mail)),
      );
      if (to) {
        const target = mails.get(to) ?? [];
        for (const mail of here) mail.mailboxId = to;
        mails.set(
          to,
          [...here, ...target].sort((a, b) => b.receivedAt - a.receivedAt),
        );
        told(to, { created: [...here].map((mail) => mail.id) });
      }
      told(source, { destroyed: [...here].map((mail) => mail.id) });
    }
  };
  const retention = makeRetention(mails, move);
  const sharing = makeSharing(me.email, emit);
  const arrive = (to = '1-1') => {
    const mail = make(to, arrivals++);
    mail.keywords.clear();
    mails.get(to)?.unshift(mail);
    told(to, { created: [mail.id] });
    return mail;
  };

  /** What few mails have: signed ones with another within, of which a server reports. */
  const special = (there: boolean) => ({
    protection: { signed: there ? 'smime' : null, encrypted: null },
    report: there
      ? {
          kind: 'delivery',
          reportedBy: 'mx.example.net',
          recipients: [
            {
              address: 'nobody@example.net',
              outcome: 'failed',
              status: '5.1.1',
              server: 'mail.example.net',
              diagnostic: '550 5.1.1 Recipient address rejected: User unknown',
              retryUntil: null,
            },
            {
              address: 'bert@example.net',
              outcome: 'delayed',
              status: '4.4.1',
              server: null,
              diagnostic: null,
              retryUntil: '2026-11-29T10:00:00Z',
            },
          ],
          original: { messageId: null, subject: 'The plan', to: [], sentAt: null },
        }
      : null,
    embedded: there
      ? [
          {
            partId: '4',
            from: [{ name: 'Carl Sommer', email: 'carl@example.net' }],
            to: [me],
            cc: [],
            subject: 'The plan, as it was sent',
            sentAt: '2026-11-22T09:00:00Z',
            messageId: null,
            body: {
              text: 'Dear all,\n\nhere is the plan.\n\nCarl',
              html: null,
              blockedRemote: 0,
              imagesAllowed: false,
              cut: false,
            },
            attachments: [],
            protection: { signed: null, encrypted: 'pgp' },
          },
        ]
      : [],
  });

  const answer = (method: string, url: URL, body: never): Reply | undefined => {
    const path = url.pathname.replace('/api/v1', '');
    const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
    const key = `${method} ${parts.map((part, at) => (at % 2 === 1 && parts[0] !== 'mock' ? ':id' : part)).join('/')}`;
    const id = parts[1] ?? '';
    const session = {
      user: { id: '1', address: me.email },
      accounts: [
        {
          id: '1',
          address: me.email,
          name: 'Anna',
          state: 'ok',
          maxMessageSize: 30_000_000,
          access: { role: 'owner', whole: true, owner: null },
        },
        ...sharing.accounts(),
      ],
    };
    if (path === '/instance')
      return {
        json: {
          name: 'Valija',
          version: '0.1.0',
          demo: [
            { address: me.email, password: 'demo' },
            { address: 'luis@demo.valija.test', password: 'demo' },
          ],
          maxRequestBytes: 36_700_160,
          maxUploadBytes: 26_214_400,
        },
      };
    if (key === 'POST session') {
      templates = [];
      identities = [{ id: '1', accountId: '1', ...me, signatureHtml: null }];
      collections = makeCollections();
      sharing.reset();
      contacts = makeContacts(); // whoever signs in finds the book as it was
      const asked = body as { password: string };
      if (asked.password !== 'demo')
        return problem(401, 'sign-in-rejected', 'The mail server does not accept this address and password');
      signedIn = true;
      return { status: 201, json: session };
    }
    if (!signedIn) return problem(401, 'sign-in-required', 'Please sign in');
    const ofSharing = sharing.answer({ key, parts, url, body, mailboxOf });
    if (ofSharing) return ofSharing;
    const ofContacts = contacts(method, path, url, body);
    if (ofContacts) return ofContacts;
    const ofRetention = retention(key, id, body);
    if (ofRetention) return ofRetention;
    const ofCollections = collections(method, path, body);
    if (ofCollections) return ofCollections;
    switch (key) {
      case 'GET session':
        return { json: session };
      case 'DELETE session':
        receipts.clear();
        drafts.clear();
        for (const { timer } of submissions.values()) clearTimeout(timer);
        submissions.clear();
        signedIn = false;
        return { status: 204 };
      case 'GET mock/arrive':
        return { json: summary(arrive()) };
      case 'GET mock/drop':
        for (const stream of streams) stream.destroy();
        return { status: 204 };
      case 'GET changes':
        return { json: { state: String(seq), changes: [], reset: false } };
      case 'GET accounts/:id/mailboxes':
        return { json: { items: boxes.filter((box) => accountOf(box.id) === id).map(mailbox) } };
      case 'GET accounts/:id/identities':
        return { json: { items: identities } };
      case 'POST accounts/:id/identities': {
        const identity = {
          id: String(++revisions),
          name: null,
          signatureHtml: null,
          ...(body as { email: string }),
        };
        identities.push({ ...identity, accountId: '1' });
        return { status: 201, json: identities.at(-1) };
      }
      case 'PATCH accounts/:id/identities/:id': {
        const identity = identities.find((one) => one.id === parts[3]);
        return { json: Object.assign(identity ?? {}, body) };
      }
      case 'DELETE accounts/:id/identities/:id':
        identities = identities.filter((one) => one.id !== parts[3]);
        return { status: 204 };
      case 'POST accounts/:id/mailboxes': {
        const asked = body as { name: string; parentId?: string };
        const box = {
          id: `1-${100 + boxes.length}`,
          name: asked.name,
          parentId: asked.parentId ?? null,
          role: null,
        };
        boxes.push(box);
        mails.set(box.id, []);
        emit('mailbox', { accountId: '1', mailboxIds: [box.id] });
        return { status: 201, json: mailbox(box) };
      }
      case 'PATCH mailboxes/:id': {
        const box = boxes.find((one) => one.id === id);
        if (!box) return problem(404, 'not-found', 'Not found');
        Object.assign(box, body);
        return { json: mailbox(box) };
      }
      case 'DELETE mailboxes/:id':
        boxes.splice(
          boxes.findIndex((one) => one.id === id),
          1,
        );
        return { status: 204 };
      case 'GET mailboxes/:id/messages': {
        const all = (mails.get(id) ?? []).filter(passes(url.searchParams.get('filter')));
        if (url.searchParams.get('sort') === 'receivedAt') all.reverse();
        if (url.searchParams.get('sort') === 'from')
          all.sort((a, b) => (a.from.name ?? a.from.email).localeCompare(b.from.name ?? b.from.email));
        const offset = Number(url.searchParams.get('offset') ?? 0);
        const limit = Number(url.searchParams.get('limit') ?? 50);
        return {
          json: {
            items: all.slice(offset, offset + limit).map(summary),
            total: all.length,
            next: null,
            previous: null,
          },
        };
      }
      case 'PATCH messages': {
        const asked = body as { keywords?: Record<string, boolean>; mailboxId?: string };
        const them = chosen(body);
        for (const [keyword, on] of Object.entries(asked.keywords ?? {}))
          for (const mail of them) on ? mail.keywords.add(keyword) : mail.keywords.delete(keyword);
        if (asked.keywords)
          for (const box of new Set(them.map((mail) => mail.mailboxId)))
            told(box, { updated: them.filter((mail) => mail.mailboxId === box).map((mail) => mail.id) });
        if (asked.mailboxId) move(them, asked.mailboxId);
        return { json: { changed: them.length, failed: [] } };
      }
      case 'GET accounts/:id/follow-ups':
        return { json: { items: waiting } };
      case 'POST follow-ups': {
        const asked = body as { messageId: string; remindAt: string };
        const one = { id: `1-${waiting.length + 1}`, ...asked, late: false };
        waiting.push(one);
        return { status: 201, json: one };
      }
      case 'DELETE follow-ups/:id':
        waiting.splice(
          waiting.findIndex((one) => one.id === id),
          1,
        );
        return { status: 204 };
      case 'GET accounts/:id/snoozes':
        return { json: { items: [...away.values()].sort((a, b) => a.until.localeCompare(b.until)) } };
      case 'POST messages/:id': {
        const { until } = body as { until: string };
        const them = chosen(body);
        for (const mail of them) {
          const mailboxId = away.get(mail.id)?.mailboxId ?? mail.mailboxId;
          away.set(mail.id, { id: mail.id, until, mailboxId, late: false });
        }
        move(
          them.filter((mail) => mail.mailboxId !== '1-11'),
          '1-11',
        );
        return { json: { changed: them.length, failed: [] } };
      }
      case 'DELETE messages/:id': {
        const them = chosen(body);
        for (const mail of them) {
          move([mail], away.get(mail.id)?.mailboxId ?? '1-1');
          away.delete(mail.id);
        }
        return { json: { changed: them.length, failed: [] } };
      }
      case 'DELETE messages': {
        const them = chosen(body);
        if (them[0] && accountOf(them[0].mailboxId) !== '1') {
          move(them, null); // their Trash is out of sight
          return { json: { changed: them.length, failed: [] } };
        }
        const inTrash = them.filter((mail) => mail.mailboxId === '1-6');
        move(
          them.filter((mail) => mail.mailboxId !== '1-6'),
          '1-6',
        );
        move(inTrash, null);
        return { json: { changed: them.length, failed: [] } };
      }
      case 'GET messages/:id': {
        const mail = find(id);
        if (!mail) return problem(404, 'not-found', 'There is no such message');
        const html = mail.kind === 'html';
        return {
          json: {
            ...summary(mail),
            sender: [],
            cc:
              mail.kind === 'attached'
                ? [{ name: 'Marta Oliveira', email: 'marta.oliveira@example.com' }]
                : [],
            bcc: [],
            replyTo: [],
            messageId: `${mail.id}@example.org`,
            inReplyTo: [],
            references: [],
            headers: [
              {
                name: 'Received',
                value: 'from mx.example.org by mail.example.org; Mon, 23 Nov 2026 14:02:11 +0000',
              },
              { name: 'Subject', value: mail.subject },
            ],
            body: {
              text: plainBody,
              html: html ? `/api/v1/messages/${mail.id}/html` : null,
              blockedRemote: html ? 3 : 0,
              imagesAllowed: html && imageSenders.some(({ email }) => email === mail.from.email),
              cut: mail.from.email === 'backup@server.example.net',
            },
            ...trustOf(mail),
            invitation: invitationOf(mail) ? `/api/v1/messages/${mail.id}/invitation` : null,
            receipt: mail.from.name === 'Jonas Weber' ? `/api/v1/messages/${mail.id}/receipt` : null,
            unsubscribe: html ? { oneClick: true, page: 'https://harbourbooks.example/u', mail: null } : null,
            attachments: mail.kind === 'attached' ? files.map((one) => attachment(one)) : [],
            ...special(mail.kind === 'attached'),
            isSource: mail.kind === 'plain' && mail.from.email === 'backup@server.example.net',
          },
        };
      }
      case 'GET messages/:id/invitation': {
        const mail = find(id);
        const event = mail && invitationOf(mail);
        if (!event) return problem(404, 'not-found', 'There is no such thing');
        const reply = replies.get(event.uid) ?? null;
        return { json: { ...event, reply } };
      }
      case 'POST messages/:id/invitation/:id': {
        const mail = find(id);
        const event = mail && invitationOf(mail);
        if (!event) return problem(404, 'not-found', 'There is no such thing');
        const { status } = body as { status: string };
        const sent = hold({ subject: status });
        replies.set(event.uid, {
          status,
          repliedAt: new Date().toISOString(),
          submissionId: sent.id,
          outdated: false,
        });
        return { status: 202, json: sent };
      }
      case 'GET messages/:id/receipt':
      case 'PUT messages/:id/receipt': {
        const mail = find(id);
        if (!mail) return problem(404, 'not-found', 'There is no such thing');
        const { state } = (body ?? {}) as { state?: string };
        if (state) receipts.set(mail.id, { state, answeredAt: new Date().toISOString() });
        const said = receipts.get(mail.id) ?? { state: 'asked', answeredAt: null };
        return { json: { to: mail.from, elsewhere: false, reader: me.email, ...said } };
      }
      case 'POST messages/:id/redirect':
        return { status: 202, json: hold({ subject: find(id)?.subject ?? '' }) };
      case 'GET messages/:id/html': {
        const proxied = url.searchParams.get('images') === 'proxied';
        const pictures = proxied
          ? `<img src="/api/v1/images/${id}/one" width="600" height="200" alt="Books">`
          : '';
        return {
          text: `<!doctype html><html><head></head><body>${pictures}${htmlBody}</body></html>`,
          type: 'text/html',
        };
      }
      case 'GET images/:id/one':
        return {
          text: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 2"><path fill="#8a6d3b" d="M0 0h6v2H0z"/></svg>',
          type: 'image/svg+xml',
        };
      case 'POST messages/:id/unsubscribe':
        return { status: 204 };
      case 'GET image-senders':
        return { json: { items: imageSenders } };
      case 'POST image-senders': {
        const { email } = body as { email: string };
        const sender = { id: String(seq++), email: email.toLowerCase(), addedAt: new Date().toISOString() };
        imageSenders.push(sender);
        return { status: 201, json: sender };
      }
      case 'DELETE image-senders/:id':
        imageSenders.splice(0, imageSenders.length, ...imageSenders.filter((sender) => sender.id !== id));
        return { status: 204 };
      case 'GET messages/:id/raw':
        return { text: `Subject: raw\r\n\r\n${plainBody}`, type: 'message/rfc822' };
      case 'GET messages/:id/attachments':
        return { json: { items: files.map((one) => details(one)) } };
      case 'GET messages/:id/attachments.zip':
        return { text: 'zip', type: 'application/zip' };
      case 'GET messages/:id/parts/:id': {
        const file = files.find((one) => one.partId === parts[3]);
        return {
          bytes: file?.content ?? Buffer.from('part'),
          type: file?.type ?? 'application/octet-stream',
        };
      }
      case 'GET uploads/:id/content':
        return { bytes: files[1]?.content ?? Buffer.from(''), type: 'image/png' };
      case 'GET templates':
        return { json: { items: templates.map(({ id, name, revision }) => ({ id, name, revision })) } };
      case 'POST templates':
      case 'PUT templates/:id': {
        const made = {
          to: [],
          cc: [],
          bcc: [],
          text: null,
          id: id || String(++revisions),
          revision: ++revisions,
        };
        const template = { ...made, ...(body as { name: string }) };
        templates = [...templates.filter((one) => one.id !== template.id), template];
        return { status: method === 'POST' ? 201 : 200, json: template };
      }
      case 'GET templates/:id':
        return { json: templates.find((one) => one.id === id) };
      case 'DELETE templates/:id':
        templates = templates.filter((one) => one.id !== id);
        return { status: 204 };
      case 'GET drafts':
        return {
          json: { items: [...drafts.values()].map((one) => ({ ...one, accountId: '1', copy: null })) },
        };
      case 'GET drafts/:id':
        return { json: drafts.get(id) ?? draftOf(id) };
      case 'POST drafts':
      case 'PUT drafts/:id': {
        const draft = { id: id || `${++revisions}`, revision: ++revisions, content: body };
        drafts.set(draft.id, draft);
        return { json: draft };
      }
      case 'PUT messages/:id/draft': {
        const mail = find(id);
        const draft = {
          id: `m${id}`,
          revision: 1,
          content: {
            accountId: '1',
            from: { name: null, email: 'anna@example.org' },
            to: mail ? [mail.from] : [],
            subject: mail?.subject ?? '',
            text: plainBody,
            attachments: [],
          },
        };
        drafts.set(draft.id, draft);
        return { json: draft };
      }
      case 'DELETE drafts/:id':
        drafts.delete(id);
        return { status: 204, json: {} };
      case 'GET submissions':
        return { json: { items: [...submissions.values()].map(({ now }) => now).reverse() } };
      case 'GET mock/outbox':
        for (const one of troubled().reverse()) submissions.set(one.id, { now: one });
        emit('submission', { accountId: '1', submissionId: 't3', state: 'queued' });
        return { status: 204 };
      case 'POST submissions': {
        const {
          subject = '',
          to = [],
          sendAt,
          undoSeconds = 0,
        } = body as components['schemas']['SubmissionRequest'];
        const due = sendAt ?? new Date(Date.now() + undoSeconds * 1_000).toISOString();
        const sent = hold({ subject, to, sendAt: due });
        const done = () => {
          pass(sent.id, 'done');
          const mail = arrive();
          mail.subject = subject;
        };
        if (!sendAt) submissions.set(sent.id, { now: sent, timer: setTimeout(done, undoSeconds * 1_000) });
        return { status: 202, json: sent };
      }
      case 'GET submissions/:id':
        return { json: submissions.get(id)?.now };
      case 'DELETE submissions/:id':
        for (const [uid, reply] of replies) if (reply.submissionId === id) replies.delete(uid);
        clearTimeout(submissions.get(id)?.timer);
        return { json: pass(id, 'cancelled') };
      default:
        return problem(404, 'not-found', 'Not found');
    }
  };
  const search = (url: URL, response: ServerResponse) => {
    const words = (url.searchParams.get('q') ?? '').toLowerCase().split(/\s+/);
    const hits = [...mails.values()]
      .flat()
      .filter(({ mailboxId }) => sharing.sees(mailboxId))
      .filter((mail) =>
        words.every((word) =>
          `${mail.from.name} ${mail.from.email} ${mail.subject}`.toLowerCase().includes(word),
        ),
      )
      .sort((a, b) => b.receivedAt - a.receivedAt)
      .slice(0, 300);
    response.setHeader('Content-Type', 'application/x-ndjson');
    const line = (value: unknown) => response.write(`${JSON.stringify(value)}\n`);
    for (const mail of hits.slice(0, 100)) line({ hit: summary(mail) });
    line({ progress: { searched: 40_000, total: 106_048 } });
    setTimeout(() => {
      for (const mail of hits.slice(100)) line({ hit: summary(mail) });
      line({ done: { hits: hits.length, complete: hits.length < 300 } });
      response.end();
    }, 800);
  };

  return (request: IncomingMessage, response, next) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/v1')) return next();
    if (url.pathname === '/api/v1/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(': hello\n\n');
      streams.add(response);
      request.on('close', () => streams.delete(response));
      return;
    }
    if (url.pathname === '/api/v1/search' && signedIn) return search(url, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const method = request.method ?? 'GET';
      const body = Buffer.concat(chunks);
      const text = body.toString();
      const upload = /^\/api\/v1\/uploads(?:\/(\w+))?$/.exec(url.pathname);
      const reply: Reply | 'never' = upload
        ? uploads(method, upload[1], request.headers, body.length)
        : (answer(method, url, (text.startsWith('{') ? JSON.parse(text) : undefined) as never) ?? {});
      if (reply === 'never') return;
      response.statusCode = reply.status ?? 200;
      response.setHeader('Content-Type', reply.type ?? 'application/json');
      setTimeout(
        () =>
          response.end(
            reply.bytes ?? reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)),
          ),
        40,
      );
    });
  };
}
