import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import { queryClient } from '../../api/queries.ts';
import { asked } from '../../ui/ask.svelte.ts';
import { Compose } from './compose.svelte.ts';
import { isDoubtful, lookAt, meansThem } from './doubts.ts';

const person = (email: string) => ({ name: null, email });
const contact = (email: string, writtenTo = true) => ({
  id: '1',
  name: null,
  email,
  saved: false,
  writtenTo,
  revision: 1,
});
let requests: string[];
/** Known to the server, but not among those who are known best. */
let others: string[];
let more: ReturnType<typeof contact>[];
const strangers = Array.from({ length: 498 }, (_, n) => contact(`n${n}@many.example`, false));

beforeEach(() => {
  queryClient.clear();
  requests = [];
  others = [];
  more = strangers;
  network.answer = ({ url }) => {
    const q = new URL(url).searchParams.get('q');
    requests.push(q ?? '');
    const items = q
      ? others.map((email) => contact(email))
      : [contact('luis@gmail.com'), contact('a@gmai1.com', false), ...more];
    return Response.json({ items, next: null });
  };
});

afterEach(() => vi.useRealTimers());

function writing(...to: string[]): Compose {
  const compose = new Compose({ accountId: '1', from: person('anna@example.org') });
  compose.to = to.map(person);
  return compose;
}

it('asks about a slip of the finger, in words, once', async () => {
  const compose = writing('bo@gmial.com');
  expect(isDoubtful(compose)).toBe(false);
  await lookAt(compose);
  expect(isDoubtful(compose)).toBe(true);
  const refused = meansThem(compose);
  await expect.poll(() => asked.question?.text).toContain('bo@gmial.com');
  expect(asked.question?.text).toContain('gmail.com');
  asked.question?.answer(undefined);
  expect(await refused).toBe(false);

  const agreed = meansThem(compose);
  await expect.poll(() => asked.question?.text).toContain('bo@gmial.com');
  asked.question?.answer('');
  expect(await agreed).toBe(true);
  expect(await meansThem(compose)).toBe(true);
});

it('asks at the end of a long letter too', async () => {
  const compose = writing('bo@gmial.com');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  await lookAt(compose);
  vi.advanceTimersByTime(60 * 60_000);
  vi.useRealTimers();
  expect(isDoubtful(compose)).toBe(true);
  network.answer = () => new Promise(() => undefined);
  const refused = meansThem(compose);
  await expect.poll(() => asked.question?.text).toContain('bo@gmial.com');
  asked.question?.answer(undefined);
  expect(await refused).toBe(false);
});

it('does not wait for a look-up to ask about what needs none', async () => {
  const crowd = Array.from({ length: 21 }, (_, n) => `p${n}@club.example`);
  const compose = writing('bo@gmial.com', ...crowd);
  await lookAt(writing('luis@gmail.com'));
  for (const answer of [
    () => new Promise<Response>(() => undefined),
    () => Response.json({ type: '/problems/internal-error', status: 500, title: '' }, { status: 500 }),
  ]) {
    network.answer = answer;
    const refused = meansThem(compose);
    await expect.poll(() => asked.question?.text).toContain('22');
    expect(asked.question?.text).not.toContain('bo@gmial.com');
    asked.question?.answer(undefined);
    expect(await refused).toBe(false);
  }
});

it('asks nothing about who is known, and looks up none but the doubtful', async () => {
  others = ['bo@gmial.com'];
  const compose = writing('luis@gmail.com', 'new@gmail.com', 'BO@gmial.com', 'half typed');
  expect(await lookAt(compose)).toEqual([]);
  expect(await meansThem(compose)).toBe(true);
  expect(requests).toEqual(['', 'bo@gmial.com']);
});

it('looks nobody up where all are known already', async () => {
  more = [];
  expect(await lookAt(writing('bo@gmial.com'))).toHaveLength(1);
  expect(requests).toEqual(['']);
});

it('who only wrote is not whom one means', async () => {
  expect(await lookAt(writing('x@gmai11.com'))).toEqual([]);
});

it('a mail is neither held up nor asked about where nobody can be looked up', async () => {
  network.answer = () => new Promise(() => undefined);
  expect(await meansThem(writing('bo@gmial.com'))).toBe(true);
  queryClient.clear();
  network.answer = () =>
    Response.json({ type: '/problems/internal-error', status: 500, title: '' }, { status: 500 });
  expect(await lookAt(writing('bo@gmial.com'))).toEqual([]);
});

it('who was in it when an answer began is meant', async () => {
  const compose = new Compose({
    accountId: '1',
    from: person('anna@example.org'),
    to: [person('bo@gmial.com')],
    inReplyTo: '1-2',
  });
  expect(await lookAt(compose)).toEqual([]);
});
