import { people } from './world.ts';

interface Contact {
  id: string;
  name: string | null;
  email: string;
  saved: boolean;
  writtenTo: boolean;
  revision: number;
}

type Answer = { status?: number; json?: unknown; text?: string; type?: string } | undefined;

/** The address book of the made-up account; undefined for what is no request to it. */
export function makeContacts(): (method: string, path: string, url: URL, body: unknown) => Answer {
  let ids = 0;
  const contacts: Contact[] = people.map(([name, email], at) => ({
    id: String(++ids),
    name,
    email,
    saved: at % 3 !== 1,
    writtenTo: at % 3 === 1,
    revision: 1,
  }));
  const problem = (status: number, slug: string): Answer => ({
    status,
    json: { type: `/problems/${slug}`, title: slug, status },
    type: 'application/problem+json',
  });
  const fits = (contact: Contact, q: string) => {
    const words = `${contact.name ?? ''} ${contact.email}`.toLowerCase().split(/[\s@.]+/);
    return q
      .toLowerCase()
      .split(/[\s@.]+/)
      .filter(Boolean)
      .every((sought) => words.some((word) => word.startsWith(sought)));
  };
  const byName = (a: Contact, b: Contact) => (a.name ?? a.email).localeCompare(b.name ?? b.email);
  return (method, path, url, body) => {
    if (!path.startsWith('/contacts')) return undefined;
    const id = /^\/contacts\/(\d+)$/.exec(path)?.[1];
    const found = contacts.find((one) => one.id === id);
    const asked = body as { name: string | null; email: string };
    const there =
      asked?.email && contacts.find((one) => one.email === asked.email && one.saved && one !== found);
    if (path === '/contacts' && method === 'GET') {
      const list = url.searchParams.get('list') ?? 'suggested';
      const items = contacts
        .filter((one) => fits(one, url.searchParams.get('q') ?? ''))
        .filter((one) => list === 'suggested' || one.saved === (list === 'saved'));
      if (list !== 'suggested') items.sort(byName);
      return { json: { items: items.slice(0, Number(url.searchParams.get('limit') ?? 50)), next: null } };
    }
    if (path === '/contacts.vcf') return { text: 'BEGIN:VCARD\r\nEND:VCARD\r\n', type: 'text/vcard' };
    if (path === '/contacts/import') return { json: { made: 2, updated: 1, skipped: 3 } };
    if (there) return problem(409, 'already-exists');
    if (path === '/contacts' && method === 'POST') {
      const made = {
        id: String(++ids),
        name: asked.name,
        email: asked.email,
        saved: true,
        writtenTo: false,
        revision: 1,
      };
      contacts.push(made);
      return { status: 201, json: made };
    }
    if (!id) return undefined;
    if (!found) return problem(404, 'not-found');
    if (method === 'PUT') Object.assign(found, asked, { saved: true, revision: found.revision + 1 });
    if (method === 'DELETE') contacts.splice(contacts.indexOf(found), 1);
    return method === 'DELETE' ? { status: 204 } : { json: found };
  };
}
