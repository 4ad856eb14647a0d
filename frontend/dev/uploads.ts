import type { IncomingHttpHeaders } from 'node:http';

interface Upload {
  id: string;
  name: string;
  type: string;
  length: number;
  offset: number;
  expiresAt: string;
}

/** What became of a request; `never`: the network swallowed it. */
type Outcome = { status: number; json?: unknown; type?: string } | 'never';

const problem = (status: number, slug: string, title: string): Outcome => ({
  status,
  json: { type: `/problems/${slug}`, title, status },
  type: 'application/problem+json',
});

/** Uploads that keep nothing but their lengths. A file called slow stops after its first piece; one called huge is refused. */
export function makeUploads() {
  const uploads = new Map<string, Upload>();
  return (method: string, id: string | undefined, headers: IncomingHttpHeaders, octets: number): Outcome => {
    if (method === 'POST') {
      const metadata = new Map(
        String(headers['upload-metadata'] ?? '')
          .split(',')
          .map((pair) => pair.split(' '))
          .map(([key, value]) => [key, Buffer.from(value ?? '', 'base64').toString()]),
      );
      const name = metadata.get('filename') ?? '';
      if (name.includes('huge')) return problem(413, 'request-too-large', 'The request is too large');
      const upload = {
        id: String(uploads.size + 1),
        name,
        type: metadata.get('filetype') ?? '',
        length: Number(headers['upload-length']),
        offset: 0,
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      };
      uploads.set(upload.id, upload);
      return { status: 201, json: upload };
    }
    const upload = uploads.get(id ?? '');
    if (!upload) return problem(404, 'not-found', 'There is no such thing');
    if (method === 'GET') return { status: 200, json: upload };
    if (method === 'DELETE') uploads.delete(upload.id);
    if (method === 'PATCH') {
      if (upload.name.includes('slow') && upload.offset > 0) return 'never';
      upload.offset += octets;
    }
    return { status: 204 };
  };
}
