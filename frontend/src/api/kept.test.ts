import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import { network } from '../../dev/network.ts';
import { setPref } from '../lib/prefs.svelte.ts';
import { client, getText, must } from './client.ts';
import { dropKept } from './kept.ts';
import { live } from './live.svelte.ts';

const session = (user: string, ...accounts: [string, string][]) => ({
  user: { id: user, address: `${user}@example.org` },
  accounts: accounts.map(([id, role]) => ({ id, access: { role } })),
});
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

let answers: Record<string, () => Response>;
const gone = () => Promise.reject(new TypeError('no network'));

beforeEach(async () => {
  await dropKept();
  setPref('keepMail', true);
  live.saved = false;
  answers = { '/session': () => json(session('anna', ['1', 'owner'], ['2', 'read'])) };
  network.answer = (request) => {
    const { pathname, search } = new URL(typeof request === 'string' ? `http://x${request}` : request.url);
    return answers[pathname.replace('/api/v1', '') + search]?.() ?? json({}, 404);
  };
});

const readSession = () => must(client.GET('/session'));
const read = (messageId: string) =>
  must(client.GET('/messages/{messageId}', { params: { path: { messageId } } }));
/** What there is without a network. */
async function kept<T>(again: () => Promise<T>): Promise<T | undefined> {
  const before = network.answer;
  network.answer = gone;
  try {
    return await again();
  } catch (error) {
    expect(error).toMatchObject({ type: 'offline' });
    return undefined;
  } finally {
    network.answer = before;
  }
}

async function withMail() {
  answers['/messages/1-7'] = () => json({ id: '1-7', subject: 'Harbour' });
  answers['/messages/2-7'] = () => json({ id: '2-7', subject: 'Shared' });
  await readSession();
}

test('what was read is read again without a network', async () => {
  await withMail();
  await read('1-7');
  expect(await kept(() => read('1-7'))).toEqual({ id: '1-7', subject: 'Harbour' });
  expect(live.saved).toBe(true);
  expect(await kept(readSession)).toMatchObject({ user: { id: 'anna' } });
});

test('the text of a mail too, but not with pictures of others', async () => {
  await withMail();
  const page = (images: string) => getText(`/messages/1-7/html?images=${images}`);
  for (const images of ['blocked', 'proxied']) {
    answers[`/messages/1-7/html?images=${images}`] = () => new Response('<p>Hello</p>');
    expect(await page(images)).toBe('<p>Hello</p>');
  }
  expect(await kept(() => page('blocked'))).toBe('<p>Hello</p>');
  expect(await kept(() => page('proxied'))).toBeUndefined();
});

test('a server that is down is as none', async () => {
  await withMail();
  await read('1-7');
  for (const status of [502, 503, 504]) {
    answers['/messages/1-7'] = () => json({ type: '/problems/unavailable' }, status);
    expect(await read('1-7')).toMatchObject({ subject: 'Harbour' });
  }
  answers['/messages/1-7'] = () => json({ type: '/problems/not-found' }, 404);
  await expect(read('1-7')).rejects.toMatchObject({ type: '/problems/not-found' });
});

test('mail of others is not kept', async () => {
  await withMail();
  await read('2-7');
  expect(await kept(() => read('2-7'))).toBeUndefined();
});

test('nothing is left when the session has ended elsewhere', async () => {
  await withMail();
  await read('1-7');
  answers['/session'] = () => json({ type: '/problems/sign-in-required' }, 401);
  await expect(readSession()).rejects.toMatchObject({ type: '/problems/sign-in-required' });
  expect(await kept(() => read('1-7'))).toBeUndefined();
  expect(await kept(readSession)).toBeUndefined();
});

test('another user finds nothing of what was kept', async () => {
  await withMail();
  await read('1-7');
  answers['/session'] = () => json(session('ben', ['3', 'owner']));
  await readSession();
  expect(await kept(() => read('1-7'))).toBeUndefined();
  expect(await kept(readSession)).toMatchObject({ user: { id: 'ben' } });
});

test('whoever signs in is known at the next start without a network', async () => {
  answers['/session'] = () => json(session('anna', ['1', 'owner']));
  await must(client.POST('/session', { body: { address: 'anna@example.org', password: 'secret' } }));
  expect(await kept(readSession)).toMatchObject({ user: { id: 'anna' } });
});

test('nothing is kept where that is not wished', async () => {
  setPref('keepMail', false);
  await withMail();
  await read('1-7');
  setPref('keepMail', true);
  expect(await kept(() => read('1-7'))).toBeUndefined();
  await readSession();
  await read('1-7');
  expect(await kept(() => read('1-7'))).toMatchObject({ id: '1-7' });
  setPref('keepMail', false);
  expect(await kept(() => read('1-7'))).toBeUndefined();
});

test('what is still coming when all is dropped is not kept', async () => {
  await withMail();
  let end = () => {};
  const slow = new ReadableStream({
    start(body) {
      end = () => {
        body.enqueue(new TextEncoder().encode('{"id":"1-7"}'));
        body.close();
      };
    },
  });
  let asked = () => {};
  const asking = new Promise<void>((done) => {
    asked = done;
  });
  answers['/messages/1-7'] = () => {
    asked();
    return new Response(slow, { headers: { 'Content-Type': 'application/json' } });
  };
  const reading = read('1-7');
  await asking;
  await new Promise((done) => setTimeout(done));
  await dropKept();
  await readSession();
  end();
  await reading;
  expect(await kept(() => read('1-7'))).toBeUndefined();
});

test('of a stranger nothing is kept', async () => {
  answers['/instance'] = () => json({ name: 'Valija' });
  const look = () => must(client.GET('/instance'));
  await look();
  expect(await kept(look)).toBeUndefined();
});

test('what came first makes room for what comes', { timeout: 60_000 }, async () => {
  await withMail();
  const id = (n: number) => `1-${n + 100}`;
  for (let n = 0; n < 80; n++) {
    answers[`/messages/${id(n)}`] = () => json({ id: id(n), text: 'x'.repeat(1_000_000) });
    await read(id(n));
  }
  for (const n of [0, 30]) expect(await kept(() => read(id(n)))).toBeUndefined();
  for (const n of [70, 79]) expect(await kept(() => read(id(n)))).toMatchObject({ id: id(n) });
  expect(await kept(readSession)).toMatchObject({ user: { id: 'anna' } });
});
