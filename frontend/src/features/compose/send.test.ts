import { File as NodeFile } from 'node:buffer';
import { beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import { fullDate } from '../../lib/dates.ts';
import { asked } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { keptDrafts } from './drafts.ts';
import { joinDrafts } from './elsewhere.ts';
import { attach } from './files.ts';
import { followSubmission, send } from './send.ts';

const anna = { name: 'Anna', email: 'anna@example.org' };
let recipients: { email: string; state: string; detail: string | null }[];

beforeEach(() => {
  localStorage.clear();
  composer.windows = [];
  toasts.all = [];
  recipients = [];
  network.answer = ({ method, url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    const draft = {
      id: '7',
      revision: 3,
      accountId: '1',
      content: { accountId: '1', from: anna, subject: 'Off' },
    };
    if (path === '/drafts' && method === 'GET') return Response.json({ items: [draft] });
    if (path.startsWith('/drafts')) return Response.json(draft);
    return Response.json({ id: '1-9', state: method === 'DELETE' ? 'cancelled' : 'held', recipients });
  };
});

async function sent(): Promise<Compose> {
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], subject: 'Off' });
  compose.html = '<p>Off</p>';
  await send(compose);
  expect(compose.problem).toBe('');
  expect(composer.windows).toEqual([]);
  return compose;
}

const texts = () => toasts.all.map((one) => one.text);

it('says that a mail was sent, and to whom it was not', async () => {
  await sent();
  toasts.all = [];
  await followSubmission({ submissionId: '1-9', state: 'done' });
  expect(texts()).toEqual(['Message sent']);

  await sent();
  toasts.all = [];
  recipients = [
    { email: 'anna@example.org', state: 'accepted', detail: null },
    { email: 'bo@example.org', state: 'refused', detail: 'No such user' },
  ];
  await followSubmission({ submissionId: '1-9', state: 'done' });
  expect(texts().join()).toContain('bo@example.org (No such user)');
});

it('opens a mail again that was taken back, once, though its draft is here already', async () => {
  const compose = await sent();
  await joinDrafts(['1']);
  expect(composer.windows.map((one) => one.size)).toEqual(['minimised']);
  toasts.all.at(-1)?.action?.run();
  await vi.waitFor(() => expect(composer.windows.map((one) => one.id)).toEqual([compose.id]));
  expect(compose.size).toBe('window');
  expect(compose.saving.place).toMatchObject({ id: '7', revision: 3 });
});

it('tells of drafts that are back which this page does not show', async () => {
  await sent();
  expect(await followSubmission({ submissionId: '1-9', state: 'cancelled' })).toBe(false);
  expect(await followSubmission({ submissionId: '1-8', state: 'cancelled' })).toBe(true);
  expect(await followSubmission({ submissionId: '1-8', state: 'rejected' })).toBe(true);
  expect(await followSubmission({ submissionId: '1-8', state: 'talking' })).toBe(false);
});

const quoted = {
  key: 'q',
  name: 'logo.png',
  type: 'image/png',
  size: 3,
  part: { messageId: '1-5', partId: '1.2' },
  contentId: 'q@valija',
};

it.each([
  ['none', [], ''],
  ['none but the pictures that are quoted', [quoted], '<blockquote><img src="cid:q@valija"></blockquote>'],
])('asks before a mail goes that speaks of a file and has %s', async (_, attachments, quote) => {
  const html = `<p>The plan is attached.</p>${quote}`;
  const compose = composer.open({
    accountId: '1',
    from: anna,
    to: [anna],
    subject: 'Plan',
    html,
    attachments,
  });
  const refused = send(compose);
  await vi.waitFor(() => expect(asked.question?.text).toContain('“attached”'));
  asked.question?.answer(undefined);
  await refused;
  expect(composer.windows).toEqual([compose]);

  const meant = send(compose);
  await vi.waitFor(() => expect(asked.question).toBeDefined());
  asked.question?.answer('');
  await meant;
  expect(composer.windows).toEqual([]);
});

it('asks before a mail goes to whom it may not be meant for', async () => {
  const crowd = Array.from({ length: 21 }, (_, n) => ({ name: null, email: `p${n}@club.example` }));
  const compose = composer.open({ accountId: '1', from: anna, subject: 'Off' });
  compose.to = crowd;
  const refused = send(compose);
  await vi.waitFor(() => expect(asked.question?.text).toContain('21'));
  asked.question?.answer(undefined);
  await refused;
  expect(composer.windows).toEqual([compose]);
});

it('does not ask where there is a file', async () => {
  const file = { key: 'k', name: 'plan.pdf', type: 'application/pdf', size: 3, uploadId: '7' };
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], attachments: [file] });
  compose.html = '<p>The plan is attached.</p>';
  await send(compose);
  expect(composer.windows).toEqual([]);
});

it('asks about whom it got while its files were on their way', async () => {
  const crowd = Array.from({ length: 21 }, (_, n) => ({ name: null, email: `p${n}@club.example` }));
  const usual = network.answer;
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  network.answer = async (request) => {
    if (!new URL(request.url).pathname.startsWith('/api/v1/uploads')) return usual(request);
    if (request.method === 'POST') return Response.json({ id: '5', offset: 0 }, { status: 201 });
    await arrived;
    return new Response(null, { status: 204 });
  };
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], subject: 'Off' });
  const file = new NodeFile(['abc'], 'plan.pdf', { type: 'application/pdf' }) as unknown as File;
  attach(compose, [file], { ours: 100, server: null });
  const sending = send(compose);
  await vi.waitFor(() => expect(compose.waiting).toBe(true));
  compose.to = crowd;
  arrive();
  await vi.waitFor(() => expect(asked.question?.text).toContain('21'));
  asked.question?.answer(undefined);
  await sending;
  expect(composer.windows).toEqual([compose]);

  compose.to = [{ name: null, email: 'nonsense' }];
  await send(compose);
  expect(compose.problem).toContain('nonsense');
  compose.to = [anna];
  await send(compose);
  expect(composer.windows).toEqual([]);
});

it('is the same mail however often it is tried, also after a reload and with a reminder', async () => {
  const usual = network.answer;
  const tries: { key: string | null; body: unknown }[] = [];
  network.answer = async (request) => {
    if (!request.url.endsWith('/submissions')) return usual(request);
    tries.push({ key: request.headers.get('Idempotency-Key'), body: await request.json() });
    throw new TypeError('no network');
  };
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], subject: 'Off' });
  compose.remindAfter = 4;
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    await send(compose);
    vi.setSystemTime(Date.now() + 5_000);
    composer.windows = [];
    composer.restore(['1']);
    const [back] = composer.windows;
    if (back) await send(back);
    expect(tries).toHaveLength(2);
    expect(tries[1]).toEqual(tries[0]);
    expect(keptDrafts()).toHaveLength(1);

    // With another time it is another mail, which the server says for itself.
    if (back) back.remindAfter = 2;
    if (back) await send(back);
    expect(tries[2]?.body).not.toEqual(tries[0]?.body);
  } finally {
    vi.useRealTimers();
  }
});

const tomorrow = () => new Date(Date.now() + 86_400_000);

/** What is asked of the server to be sent; it answers, or nobody hears of it. */
function tries(answers: boolean): { key: string | null; body: Record<string, unknown> }[] {
  const usual = network.answer;
  const all: { key: string | null; body: Record<string, unknown> }[] = [];
  network.answer = async (request) => {
    if (!request.url.endsWith('/submissions')) return usual(request);
    all.push({ key: request.headers.get('Idempotency-Key'), body: await request.json() });
    if (!answers) throw new TypeError('no network');
    return Response.json({ id: '1-9', state: 'held', sendAt: all.at(-1)?.body.sendAt, recipients });
  };
  return all;
}

it('hands a mail over to go later, says when, and opens it again when that is undone', async () => {
  const made = tries(true);
  const at = tomorrow();
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], subject: 'Off' });
  compose.remindAfter = 4;
  await send(compose, at);
  expect(composer.windows).toEqual([]);
  expect(made[0]?.body).toMatchObject({
    sendAt: at.toISOString(),
    remindAt: new Date(at.getTime() + 4 * 86_400_000).toISOString(),
  });
  expect(texts()).toEqual([`Will be sent ${fullDate(at.toISOString())}`]);

  const { key } = compose;
  toasts.undo();
  await vi.waitFor(() => expect(composer.windows).toEqual([compose]));
  expect(compose.key).not.toBe(key);
  await send(compose);
  expect(made[1]?.body).not.toHaveProperty('sendAt');
});

it('is the same mail for the same time, of which nobody heard, also after a reload', async () => {
  const made = tries(false);
  const at = tomorrow();
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], subject: 'Off' });
  compose.remindAfter = 4;
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    await send(compose, at);
    vi.setSystemTime(Date.now() + 5_000);
    composer.windows = [];
    composer.restore(['1']);
    const [back] = composer.windows;
    if (!back) throw new Error('no window');
    await send(back, new Date(at));
    expect(made[1]).toEqual(made[0]);

    // The server tells that key again with another time, and so knows of the first try.
    await send(back, new Date(at.getTime() + 60_000));
    expect(made[2]?.key).toBe(made[0]?.key);
    expect(made[2]?.body.sendAt).not.toBe(made[0]?.body.sendAt);
  } finally {
    vi.useRealTimers();
  }
});

it('does not send at once what was to go at a time that is over', async () => {
  const made = tries(true);
  const compose = composer.open({ accountId: '1', from: anna, to: [anna], subject: 'Off' });
  await send(compose, new Date(Date.now() - 1));
  expect(made).toEqual([]);
  expect(composer.windows).toEqual([compose]);
  expect(compose.problem).toContain('This time is over');
});
