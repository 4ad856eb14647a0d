import type { Middleware } from 'openapi-fetch';
import { DeviceStore } from '../lib/deviceStore.ts';
import { prefs } from '../lib/prefs.svelte.ts';
import { live } from './live.svelte.ts';

/**
 * What the server answered lately, kept on this device: where the server cannot be reached it is read again. Only what
 * is the user's own: others may take back what they share, at any time. Nothing stays when the session ends.
 */
interface Kept {
  text: string;
  type: string;
  /** When it came, in milliseconds; what every start needs is always new. */
  at: number;
}

const store = new DeviceStore('valija-kept', 'answers', ['at']);
const SESSION = '/api/v1/session';
/** Characters of all that is kept: some weeks of reading. */
const MOST = 25_000_000;
const LARGEST = 2_000_000;
/** How far down a list is kept, in rows. */
const ROWS = 300;
const PRUNED_EVERY = 40;

const OF_ACCOUNT =
  /^\/api\/v1\/(?:accounts\/([^/]+)\/(?:mailboxes|identities|snoozes|departures|departed|follow-ups|retention)|(?:mailboxes\/([^/]+)\/messages|messages\/([^/]+?)(?:\/html|\/attachments)?))$/;

/** Lists and messages, which may go to make room. */
const MAIL = /^\/api\/v1\/(?:mailboxes|messages)\//;

let own: ReadonlySet<string> = new Set();
let written = 0;
/** Bumped when all goes: what is on its way then is not kept any more. */
let age = 0;
let turn: Promise<unknown> = Promise.resolve();

/** One after another, so that what was kept is found, and nothing comes back that was dropped. */
function inTurn<T>(what: () => Promise<T>): Promise<T> {
  const mine = turn.then(what);
  turn = mine.catch(() => undefined);
  return mine;
}

const clear = () => store.work('readwrite', (kept) => kept.clear());

/** Whether the answer to a GET is of a kind that is kept. */
function isWorthwhile({ pathname, searchParams }: URL): boolean {
  if (!prefs.keepMail) return false;
  if (pathname === SESSION || pathname === '/api/v1/instance') return true;
  if (!OF_ACCOUNT.test(pathname) || searchParams.get('images') === 'proxied') return false;
  return Number(searchParams.get('offset') ?? 0) < ROWS;
}

/** Whether it is the user's own. Of a stranger nothing is kept, nor of the server they look at. */
function isOwn({ pathname }: URL): boolean {
  const [whole, account, mailbox, message] = OF_ACCOUNT.exec(pathname) ?? [];
  const id = account ?? (mailbox ?? message)?.split('-')[0];
  return whole === undefined ? own.size > 0 : id !== undefined && own.has(decodeURIComponent(id));
}

interface Someone {
  user: { id: string };
  accounts: { id: string; access: { role: string } }[];
}

/** The accounts of the user's own; another user than before finds nothing of theirs. */
async function meet(text: string): Promise<void> {
  const session = JSON.parse(text) as Someone;
  own = new Set(session.accounts.filter(({ access }) => access.role === 'owner').map(({ id }) => id));
  const before = await store.work<Kept | undefined>('readonly', (kept) => kept.get(SESSION));
  if (before && (JSON.parse(before.text) as Someone).user.id !== session.user.id) await clear();
}

async function keep(address: URL, type: string, text: string): Promise<void> {
  if (address.pathname === SESSION) await meet(text);
  if (text.length > LARGEST || !isOwn(address)) return;
  const at = MAIL.test(address.pathname) ? Date.now() : Number.POSITIVE_INFINITY;
  await store.work('readwrite', (kept) =>
    kept.put({ text, type, at } satisfies Kept, address.pathname + address.search),
  );
  if (++written % PRUNED_EVERY === 0) await prune();
}

/** What came first goes first. */
async function prune(): Promise<void> {
  let room = MOST;
  await store.sweep<Kept>('at', ({ text }) => {
    room -= text.length;
    return room >= 0;
  });
}

/** What was answered there before, as an answer. */
async function again(address: URL): Promise<Response | undefined> {
  if (!prefs.keepMail) return undefined;
  const before = await store.work<Kept | undefined>('readonly', (kept) =>
    kept.get(address.pathname + address.search),
  );
  if (!before) return undefined;
  if (address.pathname === SESSION) await meet(before.text);
  live.saved = true;
  return new Response(before.text, { headers: { 'Content-Type': before.type } });
}

/** The answer to a GET; where there is none, that of before. */
export async function answerTo(url: string, answer: Response | undefined): Promise<Response | undefined> {
  const address = new URL(url, location.href);
  if (!answer || [502, 503, 504].includes(answer.status))
    return (await inTurn(() => again(address))) ?? answer;
  if (answer.status === 401) void dropKept();
  else if (answer.ok && isWorthwhile(address)) {
    const [copy, now] = [answer.clone(), age];
    const type = answer.headers.get('Content-Type') ?? 'application/json';
    const put = async (text: string) => void (age === now && (await keep(address, type, text)));
    copy
      .text()
      .then((text) => inTurn(() => put(text)))
      .catch(() => undefined);
  }
  return answer;
}

/** The same for all that is asked of the API. */
export const keeping: Middleware = {
  async onResponse({ request, response }) {
    const { pathname } = new URL(request.url);
    if (request.method === 'POST' && pathname === SESSION && response.ok)
      await answerTo(request.url, response);
    if (request.method !== 'GET') return undefined;
    return answerTo(request.url, response);
  },
  async onError({ request, error }) {
    const aborted = error instanceof DOMException && error.name === 'AbortError';
    if (aborted || request.method !== 'GET') return undefined;
    return answerTo(request.url, undefined);
  },
};

/** Nothing of the mail stays on this device. */
export async function dropKept(): Promise<void> {
  age++;
  own = new Set();
  await inTurn(clear);
}
