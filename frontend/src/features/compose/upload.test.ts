import { Buffer, File as NodeFile } from 'node:buffer';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { keptDrafts } from './drafts.ts';
import { attach, detach, goOn, room } from './files.ts';
import { send } from './send.ts';

const start = { accountId: '1', from: { name: null, email: 'anna@example.org' } };
const limits = { ours: 26_214_400, server: null };

/** A server that takes uploads, drafts and mails, and can fail in its ways. */
class Server {
  uploads = new Map<string, { length: number; octets: Buffer }>();
  drafts: string[] = [];
  sent: string[] = [];
  asked: string[] = [];
  /** What happens to the next requests that bring octets, instead or after them. */
  faults: ('down' | 'half' | 'answer lost' | 'never' | 'expired')[] = [];
  refusal: Response | undefined;

  answer = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    this.asked.push(`${request.method} ${path}`);
    if (path.startsWith('/uploads')) return this.#upload(request, path.split('/')[2] ?? '');
    const body = await request.text();
    if (path.startsWith('/submissions')) {
      this.sent.push(body);
      return json({ id: 's1' }, 202);
    }
    if (request.method === 'GET') return json({ items: [] });
    const gone = JSON.parse(body).attachments.findIndex(
      (one: { uploadId?: string }) => one.uploadId && !this.uploads.has(one.uploadId),
    );
    if (gone >= 0)
      return problem(400, 'invalid-request', [{ pointer: `/attachments/${gone}/uploadId`, detail: 'gone' }]);
    this.drafts.push(body);
    return json({ id: '100', revision: this.drafts.length, content: JSON.parse(body) });
  };

  holds(id: string | undefined, octets: Buffer): boolean {
    return this.uploads.get(id ?? '')?.octets.equals(octets) ?? false;
  }

  async #upload(request: Request, id: string): Promise<Response> {
    if (request.method === 'POST') {
      if (this.refusal) return this.refusal;
      const made = String(this.uploads.size + 1);
      this.uploads.set(made, {
        length: Number(request.headers.get('Upload-Length')),
        octets: Buffer.alloc(0),
      });
      return json({ id: made, offset: 0 }, 201);
    }
    const upload = this.uploads.get(id);
    if (!upload) return problem(404, 'not-found');
    if (request.method === 'GET') return json({ id, offset: upload.octets.length });
    if (request.method === 'DELETE') {
      this.uploads.delete(id);
      return new Response(null, { status: 204 });
    }
    const fault = this.faults.shift();
    if (fault === 'down') throw new TypeError('no network');
    if (fault === 'never') return new Promise(() => undefined);
    if (fault === 'expired') {
      this.uploads.delete(id);
      return problem(404, 'not-found');
    }
    const octets = Buffer.from(await request.arrayBuffer());
    if (Number(request.headers.get('Upload-Offset')) !== upload.octets.length)
      return problem(409, 'conflict');
    const arrived = fault === 'half' ? octets.subarray(0, octets.length / 2) : octets;
    upload.octets = Buffer.concat([upload.octets, arrived]);
    if (fault) throw new TypeError('no network');
    return new Response(null, { status: 204 });
  }
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const problem = (status: number, type: string, errors: unknown[] = []) =>
  new Response(JSON.stringify({ type: `/problems/${type}`, title: type, status, errors }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
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

/** A file of so many octets, each piece of which is another. */
const fileOf = (size: number, name = 'plan.pdf') => {
  const octets = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) % 251));
  return { octets, file: new NodeFile([octets], name) as unknown as File };
};
const until = async (what: () => boolean) => {
  for (let tries = 0; tries < 400 && !what(); tries++) await vi.advanceTimersByTimeAsync(100);
  expect(what()).toBe(true);
};
const attached = (size = 400_000, name?: string) => {
  const compose = new Compose(start);
  compose.subject = 'The plan';
  const { octets, file } = fileOf(size, name);
  expect(attach(compose, [file], limits)).toBeUndefined();
  return { compose, octets, upload: compose.attachments[0]?.upload };
};

it('a file goes in pieces, and its mail names it once it is there', async () => {
  const { compose, octets } = attached();
  expect(compose.draft().attachments).toEqual([]);
  await until(() => compose.unfinished.length === 0);
  expect(server.holds('1', octets)).toBe(true);
  expect(server.asked.filter((one) => one === 'PATCH /uploads/1').length).toBeGreaterThan(1);
  await until(() => server.drafts.some((draft) => JSON.parse(draft).attachments[0]?.uploadId === '1'));
  expect(compose.request(8).attachments).toEqual([
    { name: 'plan.pdf', type: 'application/octet-stream', uploadId: '1' },
  ]);
});

it('after a lost network it goes on where the server is', async () => {
  for (const fault of ['down', 'half', 'answer lost'] as const) {
    server = new Server();
    network.answer = server.answer;
    server.faults = ['down', fault];
    const { compose, octets, upload } = attached();
    await until(() => upload?.state === 'waiting');
    await until(() => compose.unfinished.length === 0);
    expect(server.holds('1', octets)).toBe(true);
    expect(server.uploads.size).toBe(1);
  }
});

it('when the browser says that the network is back, it does not wait', async () => {
  server.faults = ['down', 'down', 'down', 'down', 'down', 'down'];
  const { compose, upload } = attached(10);
  await until(() => server.faults.length === 1);
  server.faults = [];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(upload?.state).toBe('waiting');
  dispatchEvent(new Event('online'));
  for (let ticks = 0; ticks < 50; ticks++) await vi.advanceTimersByTimeAsync(10);
  expect(compose.unfinished).toHaveLength(0);
});

it('one that had expired begins anew', async () => {
  server.faults = ['expired'];
  const { compose, octets } = attached();
  await until(() => compose.unfinished.length === 0);
  expect(server.holds([...server.uploads.keys()].at(-1), octets)).toBe(true);
});

it('what is cancelled is thrown away, and nothing more of it is brought', async () => {
  server.faults = ['never'];
  const { compose } = attached();
  await until(() => server.asked.includes('PATCH /uploads/1'));
  const one = compose.attachments[0];
  if (one) detach(compose, one);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(compose.attachments).toHaveLength(0);
  expect(server.uploads.size).toBe(0);
  expect(server.asked.filter((what) => what.startsWith('PATCH'))).toHaveLength(1);
});

it('what is refused says why, and can be tried again', async () => {
  server.refusal = problem(413, 'request-too-large');
  const { compose, upload } = attached(10);
  await until(() => upload?.state === 'failed');
  expect(upload?.problem).toContain('larger');
  server.refusal = undefined;
  upload?.start();
  await until(() => compose.unfinished.length === 0);
});

it('what does not fit is refused before it is brought', () => {
  const compose = new Compose(start);
  const { file } = fileOf(1_000_000, 'film.mp4');
  expect(attach(compose, [file], { ours: 900_000, server: null })).toContain('film.mp4 does not fit');
  expect(attach(compose, [file], { ours: 26_214_400, server: 1_000_000 })).toContain('your mail server');
  expect(compose.attachments).toHaveLength(0);
  expect(server.asked).toEqual([]);
});

it('files take a third more in a message', () => {
  expect(room({ ours: 26_214_400, server: null })).toBe(26_214_400);
  expect(room({ ours: 26_214_400, server: 10_240_000 })).toBe(7_336_923);
  expect(room({ ours: 26_214_400, server: 100 })).toBe(0);
});

it('sending waits for the files, and can be thought better of', async () => {
  server.faults = ['down'];
  const { compose } = attached();
  compose.to = [{ name: null, email: 'luis@example.org' }];
  void send(compose);
  expect(compose.waiting).toBe(true);
  compose.waiting = false;
  await until(() => compose.unfinished.length === 0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.sent).toEqual([]);

  const { file } = fileOf(300_000, 'more.pdf');
  attach(compose, [file], limits);
  void send(compose);
  await until(() => server.sent.length > 0);
  expect(
    JSON.parse(server.sent[0] ?? '').attachments.map((one: { uploadId: string }) => one.uploadId),
  ).toEqual(['1', '2']);
});

it('a mail does not go without a file that was refused', async () => {
  server.refusal = problem(507, 'over-quota');
  const { compose } = attached(10);
  compose.to = [{ name: null, email: 'luis@example.org' }];
  await send(compose);
  expect(server.sent).toEqual([]);
  expect(compose.problem).toContain('not uploaded');
});

it('a file that the server has no more comes anew', async () => {
  const { compose, octets } = attached(10);
  await until(() => compose.unfinished.length === 0);
  server.uploads.clear();
  compose.subject = 'Weeks later';
  compose.keep();
  await until(() => JSON.parse(server.drafts.at(-1) ?? '{}').attachments?.length === 1);
  expect(compose.lostFiles).toEqual([]);
  expect(server.holds([...server.uploads.keys()].at(-1), octets)).toBe(true);
});

it('where it is not here either it is told, and the text is saved without it', async () => {
  const compose = new Compose(start);
  compose.attachments = [{ key: 'k', name: 'plan.pdf', type: 'application/pdf', size: 3, uploadId: '7' }];
  compose.subject = 'Weeks later';
  compose.keep();
  await until(() => server.drafts.some((draft) => JSON.parse(draft).subject === 'Weeks later'));
  expect(compose.lostFiles).toEqual(['plan.pdf']);
  expect(compose.attachments).toHaveLength(0);
});

it('a reload keeps what had come, and tells which files this browser could not keep', async () => {
  const { compose } = attached(10, 'there.pdf');
  await until(() => compose.unfinished.length === 0);
  server.faults = ['never'];
  attach(compose, [fileOf(10, 'half.pdf').file], limits);
  compose.keep();
  expect(keptDrafts()[0]?.attachments).toHaveLength(2);

  composer.restore(['1']);
  const back = composer.windows[0];
  if (back) await goOn(back);
  expect(back?.attachments.map(({ name, uploadId }) => [name, uploadId])).toEqual([['there.pdf', '1']]);
  expect(back?.lostFiles).toEqual(['half.pdf']);
});
