import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { keptDrafts } from './drafts.ts';
import { joinDrafts } from './elsewhere.ts';

const start = { accountId: '1', from: { name: null, email: 'anna@example.org' } };

/** A server that keeps drafts, and can fail in its ways. */
class Server {
  drafts = new Map<string, { revision: number; content: string }>();
  keys = new Map<string, string>();
  asked: string[] = [];
  /** What happens to the next requests instead, or after them. */
  faults: ('down' | 'answer lost')[] = [];

  answer = async (request: Request): Promise<Response> => {
    const body = await request.text();
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    this.asked.push(`${request.method} ${path}`);
    const fault = this.faults.shift();
    if (fault === 'down') throw new TypeError('no network');
    const answer = this.#done(request, path.split('/')[2], body);
    if (fault === 'answer lost') throw new TypeError('no network');
    return answer;
  };

  #done(request: Request, id: string | undefined, content: string): Response {
    if (request.method === 'GET' && !id)
      return json({
        items: [...this.drafts].map(([one, { revision }]) => ({ id: one, revision, accountId: '1' })),
      });
    if (request.method === 'POST') {
      const key = request.headers.get('Idempotency-Key') ?? '';
      const earlier = this.keys.get(key);
      if (earlier && this.drafts.get(earlier)?.content !== content)
        return problem(409, 'idempotency-key-reused', earlier);
      return this.#shown(earlier ?? this.#add(content, key), 201);
    }
    const draft = this.drafts.get(id ?? '');
    if (!id || !draft) return problem(404, 'not-found');
    if (request.method === 'GET') return this.#shown(id, 200);
    const known = request.headers.get('If-Match') === `"${draft.revision}"`;
    if (request.method === 'DELETE') {
      if (!known) return problem(409, 'conflict');
      this.drafts.delete(id);
      return new Response(null, { status: 204 });
    }
    if (draft.content === content) return this.#shown(id, 200);
    if (!known) return problem(409, 'conflict', this.#add(content, ''));
    this.drafts.set(id, { revision: draft.revision + 1, content });
    return this.#shown(id, 200);
  }

  #add(content: string, key: string): string {
    const id = `${this.drafts.size + 100}`;
    this.drafts.set(id, { revision: 1, content });
    this.keys.set(key, id);
    return id;
  }

  #shown(id: string, status: number): Response {
    const { revision, content } = this.drafts.get(id) ?? { revision: 0, content: '{}' };
    return json({ id, revision, content: JSON.parse(content) }, status);
  }

  change(id: string, subject: string): void {
    const draft = this.drafts.get(id);
    if (!draft) return;
    const content = JSON.stringify({ ...JSON.parse(draft.content), subject });
    this.drafts.set(id, { revision: draft.revision + 1, content });
  }

  get subjects(): string[] {
    return [...this.drafts.values()].map(({ content }) => JSON.parse(content).subject);
  }
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const problem = (status: number, type: string, other?: string) =>
  new Response(JSON.stringify({ type: `/problems/${type}`, title: type, status }), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      ...(other ? { Location: `/api/v1/drafts/${other}` } : {}),
    },
  });

let server: Server;
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  composer.windows = [];
  server = new Server();
  network.answer = server.answer;
});
afterEach(() => {
  vi.useRealTimers();
});

const write = (subject: string, compose = new Compose(start)) => {
  compose.subject = subject;
  compose.keep();
  return compose;
};
const pause = (ms = 2_000) => vi.advanceTimersByTimeAsync(ms);

it('what is written is on the server within two seconds of a pause, in one draft', async () => {
  const compose = write('One');
  await pause(500);
  write('One, and more', compose);
  await pause();
  write('Two', compose);
  await pause();
  expect(server.asked).toEqual(['POST /drafts', 'PUT /drafts/100']);
  expect(server.subjects).toEqual(['Two']);
  expect(compose.saving.state).toBe('saved');
});

it('without a network it goes on trying, and says so', async () => {
  server.faults = ['down', 'down'];
  const compose = write('Patience');
  await pause();
  expect(compose.saving.state).toBe('waiting');
  await pause(10_000);
  expect(server.subjects).toEqual(['Patience']);
  expect(compose.saving.state).toBe('saved');
});

it('an answer that was lost makes no second draft, whatever was written since', async () => {
  server.faults = ['answer lost'];
  const compose = write('First');
  await pause();
  write('Then', compose);
  await pause(5_000);
  expect(server.subjects).toEqual(['Then']);
});

it('a reload goes on with the same draft', async () => {
  write('Before');
  await pause();
  composer.restore(['1']);
  await joinDrafts(['1']);
  expect(composer.windows).toHaveLength(1);
  write('After', composer.windows[0]);
  await pause();
  expect(server.subjects).toEqual(['After']);
});

it('where another device was first, both texts stay', async () => {
  const compose = write('Begun');
  await pause();
  server.change('100', 'On the phone');
  write('At the desk', compose);
  await pause();
  expect(server.subjects.sort()).toEqual(['At the desk', 'On the phone']);
  expect(compose.saving.diverged).toBe(true);
  write('At the desk, more', compose);
  await pause();
  expect(server.subjects.sort()).toEqual(['At the desk, more', 'On the phone']);
});

it('a draft that another device went on with is shown as it is now', async () => {
  write('Begun');
  await pause();
  server.change('100', 'On the phone');
  composer.restore(['1']);
  await joinDrafts(['1']);
  expect(composer.windows.map((one) => one.subject)).toEqual(['On the phone']);
  expect(keptDrafts()).toHaveLength(1);
});

it('a draft that another device sent goes, unless there is more to it here', async () => {
  write('Sent there');
  await pause();
  composer.restore(['1']);
  server.drafts.clear();
  await joinDrafts(['1']);
  expect(composer.windows).toHaveLength(0);

  const compose = write('Also sent');
  await pause();
  server.drafts.clear();
  write('But I wrote on', compose);
  await pause();
  expect(server.subjects).toEqual(['But I wrote on']);
});

it('what was begun elsewhere can be gone on with here', async () => {
  write('Begun at the desk');
  await pause();
  localStorage.clear();
  await joinDrafts(['1']);
  expect(composer.windows.map((one) => one.subject)).toEqual(['Begun at the desk']);
  await joinDrafts(['2']);
  expect(composer.windows).toHaveLength(1);
});

it('what is thrown away is gone from the server too, even if it was never said to be there', async () => {
  server.faults = ['answer lost'];
  const compose = write('Nothing');
  await pause(1_600);
  await compose.saving.discard();
  expect(server.subjects).toEqual([]);
});

it('nothing is saved once it is being sent', async () => {
  const compose = write('Off');
  await pause();
  await compose.saving.end();
  write('Off', compose);
  compose.subject = 'Off it goes';
  compose.keep();
  await pause(60_000);
  expect(server.asked).toEqual(['POST /drafts']);
});

it('what is sent is saved to its last word first, where that can be', async () => {
  const compose = write('Off');
  await pause();
  write('Off it goes', compose);
  await compose.saving.finish();
  expect(server.subjects).toEqual(['Off it goes']);
  expect(compose.request(0)).toMatchObject({ draftId: '100', draftRevision: 2 });

  const other = write('No network');
  server.faults = ['down'];
  await other.saving.finish();
  expect(server.subjects).toEqual(['Off it goes']);
});
