interface Collection {
  id: string;
  server: { host: string; port: number; security: string };
  username: string;
  paused: boolean;
  state: string;
  progress: { total: number; done: number } | null;
  lastRun: unknown;
  nextRunAt: string | null;
  [more: string]: unknown;
}

type Answer = { status?: number; json?: unknown; type?: string } | undefined;

/** The collections of the made-up account; undefined for what is no request to them. */
export function makeCollections(): (method: string, path: string, body: unknown) => Answer {
  let ids = 0;
  let collections: Collection[] = [];
  const problem = (status: number, slug: string): Answer => ({
    status,
    json: { type: `/problems/${slug}`, title: slug, status },
    type: 'application/problem+json',
  });
  const run = (problem: string | null, problemAt: string | null) => ({
    at: new Date().toISOString(),
    problem,
    problemAt,
    collected: problem ? 0 : 3,
    deleted: 0,
    refused: 0,
  });
  const add = (asked: Partial<Collection>): Collection => {
    const made: Collection = {
      username: '',
      mailboxId: '1-1',
      afterStoring: { action: 'delete-later', days: 14 },
      intervalMinutes: 15,
      paused: false,
      state: 'idle',
      progress: null,
      lastRun: null,
      nextRunAt: new Date(Date.now() + 900_000).toISOString(),
      ...asked,
      server: { port: 995, security: 'tls', host: '', ...asked.server },
      id: String(++ids),
    };
    delete made.password;
    collections.push(made);
    return made;
  };
  return (method, path, body) => {
    if (path === '/mock/collections') {
      const server = { host: 'pop.example.net', port: 995, security: 'tls' };
      add({ server, username: 'anna.old', lastRun: run(null, null) });
      add({ server, username: 'studio@example.net', lastRun: run('/problems/over-quota', 'target') });
      add({ server, username: 'club', state: 'credentials-rejected', nextRunAt: null });
      return { json: {} };
    }
    if (!path.startsWith('/collections')) return undefined;
    const [, id, verb] = /^\/collections\/(\d+)(\/run)?$/.exec(path) ?? [];
    const found = collections.find((one) => one.id === id);
    const asked = (body ?? {}) as Partial<Collection>;
    if (path === '/collections' && method === 'GET') {
      for (const { progress } of collections)
        if (progress) progress.done = Math.min(progress.done + 400, 9_000);
      return { json: { items: collections } };
    }
    if (asked.password === 'wrong') return problem(409, 'account-credentials-rejected');
    if (method === 'POST' && !id)
      return {
        status: 201,
        json: add({ ...asked, state: 'running', progress: { total: 10_000, done: 0 }, nextRunAt: null }),
      };
    if (!found) return problem(404, 'not-found');
    if (method === 'DELETE') {
      collections = collections.filter((one) => one !== found);
      return { status: 204 };
    }
    if (verb) Object.assign(found, { lastRun: run(null, null), nextRunAt: new Date().toISOString() });
    else Object.assign(found, asked, asked.paused ? { state: 'idle' } : {});
    delete found.password;
    return { status: verb ? 202 : 200, json: found };
  };
}
