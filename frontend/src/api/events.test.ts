import { QueryClient, QueryObserver } from '@tanstack/svelte-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../dev/network.ts';
import type { Session } from './client.ts';
import { follow } from './events.ts';
import { departures, mailboxes, presence, receivedShares, session, snoozes, submissions } from './queries.ts';

/** The stream of events, as a test sends them. */
class Stream extends EventTarget {
  static last: Stream | undefined;
  static readonly CLOSED = 2;
  readyState = 1;

  constructor(readonly url: string) {
    super();
    Stream.last = this;
  }

  close() {
    this.readyState = Stream.CLOSED;
  }

  send(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

let requests: string[];
let ends: (() => void)[];
let queries: QueryClient;

beforeEach(async () => {
  vi.stubGlobal('EventSource', Stream);
  Stream.last = undefined;
  requests = [];
  network.answer = ({ url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    requests.push(path);
    return Response.json(path === '/changes' ? { state: '7' } : { items: [] });
  };
  queries = new QueryClient();
  ends = [
    new QueryObserver(queries, { ...mailboxes('1') }).subscribe(() => undefined),
    new QueryObserver(queries, { ...snoozes('1') }).subscribe(() => undefined),
    new QueryObserver(queries, { ...submissions() }).subscribe(() => undefined),
    follow(queries, {}),
  ];
  await vi.waitFor(() => expect(Stream.last).toBeDefined());
  await vi.waitFor(() => expect(requests).toHaveLength(4));
  requests = [];
});
afterEach(() => {
  for (const end of ends) end();
  vi.unstubAllGlobals();
});

const both = ['/accounts/1/mailboxes', '/accounts/1/snoozes'];

it('goes on from where the caches are', () => {
  expect(Stream.last?.url).toBe('/api/v1/events?since=7');
});

it('a burst of news costs one request for what changes with each', async () => {
  for (let n = 0; n < 50; n++)
    Stream.last?.send('message', {
      accountId: '1',
      mailboxId: '1-1',
      created: [`1-${n}`],
      updated: [],
      destroyed: [],
      many: false,
    });
  await vi.waitFor(() => expect(requests.toSorted()).toEqual(both));
  // A second one is a second one.
  Stream.last?.send('message', {
    accountId: '1',
    mailboxId: '1-1',
    created: [],
    updated: [],
    destroyed: ['1-3'],
    many: false,
  });
  await vi.waitFor(() => expect(requests.toSorted()).toEqual([...both, ...both].toSorted()));
});

it('a burst of news looks once, and late, at what leaves, and not at all where nothing does', async () => {
  const queries = new QueryClient();
  ends.push(
    new QueryObserver(queries, departures('3')).subscribe(() => undefined),
    new QueryObserver(queries, { ...departures('4'), enabled: false }).subscribe(() => undefined),
    follow(queries, {}),
  );
  await vi.waitFor(() => expect(requests).toContain('/accounts/3/departures'));
  await vi.waitFor(() => expect(requests).toContain('/changes'));
  vi.useFakeTimers();
  try {
    const asked = () => requests.filter((path) => path.endsWith('/departures'));
    requests = [];
    for (const accountId of ['3', '3', '4'])
      Stream.last?.send('message', {
        accountId,
        mailboxId: `${accountId}-1`,
        created: [],
        updated: ['1-3'],
        destroyed: [],
        many: false,
      });
    await vi.advanceTimersByTimeAsync(9_900);
    expect(asked()).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked()).toEqual(['/accounts/3/departures']);
    Stream.last?.send('message', {
      accountId: '3',
      mailboxId: '3-1',
      created: ['3-4'],
      updated: [],
      destroyed: [],
      many: false,
    });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked(), 'what arrives does not leave yet').toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

it('a mail on its way is looked at once for all that it goes through', async () => {
  for (const state of ['queued', 'talking', 'gate', 'accepted', 'filed', 'done'])
    Stream.last?.send('submission', { accountId: '1', submissionId: '1-9', state });
  await vi.waitFor(() => expect(requests).toEqual(['/submissions']));
  Stream.last?.send('submission', { accountId: '1', submissionId: '1-9', state: 'unknown' });
  await vi.waitFor(() => expect(requests).toEqual(['/submissions', '/submissions']));
});

it('asks for all anew where too much was missed', async () => {
  Stream.last?.send('reset', {});
  await vi.waitFor(() => expect(requests.toSorted()).toEqual([...both, '/submissions']));
});

const accounts = (...ids: string[]) =>
  ({ user: { id: '9', address: 'ben@example.org' }, accounts: ids.map((id) => ({ id })) }) as Session;

it('an account that is taken away is gone before the server is asked again', () => {
  queries.setQueryData(session().queryKey, accounts('1', '2'));
  Stream.last?.send('account', { accountId: '2', state: 'removed' });
  expect(queries.getQueryData(session().queryKey)).toEqual(accounts('1'));
});

it('what is shared is looked at anew, and the mailboxes only of what one still has', async () => {
  network.answer = ({ url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    requests.push(path);
    return Response.json(path === '/session' ? accounts('1') : { items: [] });
  };
  ends.push(
    new QueryObserver(queries, session()).subscribe(() => undefined),
    new QueryObserver(queries, receivedShares()).subscribe(() => undefined),
    new QueryObserver(queries, mailboxes('2')).subscribe(() => undefined),
  );
  await vi.waitFor(() => expect(requests).toHaveLength(3));
  requests = [];
  Stream.last?.send('share', { accountId: '1' });
  Stream.last?.send('share', { accountId: '2' });
  await vi.waitFor(() => expect(requests).toContain('/accounts/1/mailboxes'));
  expect(new Set(requests)).toEqual(new Set(['/shares', '/session', '/accounts/1/mailboxes']));
});

it('who else is at a message is known as it changes, oneself left out', () => {
  queries.setQueryData(session().queryKey, accounts('1'));
  const people = () => queries.getQueryData(presence('1-3').queryKey);
  const does = (address: string, doing: string) =>
    Stream.last?.send('presence', { accountId: '1', messageId: '1-3', address, doing });
  does('anna@example.org', 'reading');
  expect(people(), 'nobody looks at it here').toBeUndefined();
  queries.setQueryData(presence('1-3').queryKey, []);
  does('anna@example.org', 'reading');
  does('ben@example.org', 'reading');
  does('anna@example.org', 'replying');
  expect(people()).toEqual([{ address: 'anna@example.org', doing: 'replying' }]);
  does('anna@example.org', 'nothing');
  expect(people()).toEqual([]);
});
