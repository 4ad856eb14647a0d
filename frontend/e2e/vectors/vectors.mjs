import { readFile } from 'node:fs/promises';
import { aroundVectors } from './around.mjs';
import { htmlVectors } from './html.mjs';

/** Far from what payloads of others use: `alert(1)` shall not point at our first vector. */
export const FIRST = 700_001;

/** Our own vectors and those of further files: a JSON object with `id` and `html` on each line. */
export async function load(file) {
  if (!file) return [...htmlVectors(), ...aroundVectors()];
  const text = await readFile(file, 'utf8');
  const vectors = text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line));
  for (const { id } of vectors) if (id === undefined) throw new Error(`a vector without id in ${file}`);
  return vectors.map(completed);
}

/** Of others only what differs from the usual must be said. */
function completed({ filename, type, content, ...one }) {
  const file = filename !== undefined || type !== undefined;
  const vector = {
    kind: file ? 'part' : 'html',
    ...one,
    id: String(one.id),
    ...(file
      ? { attachments: [{ filename: filename ?? 'file', type: type ?? 'text/html', content: content ?? '' }] }
      : {}),
  };
  if (vector.html !== undefined) return vector;
  return {
    text: 'Hello',
    blindType: type ?? 'text/html',
    blind: content ?? one.subject ?? one.from ?? one.text ?? '',
    ...vector,
  };
}

/** Gives each vector its number, by which what it does is known again, and its payload. */
export function arm(vectors, port) {
  return vectors.map((vector, at) => {
    const n = FIRST + at;
    const js = `alert(${n})`;
    const values = {
      n,
      js,
      port,
      host: `127.0.0.1:${port}/v/${n}`,
      url: `http://127.0.0.1:${port}/v/${n}`,
      link: `http://127.0.0.1:${port}/link/${n}`,
      js64: base64(js),
      script64: base64(`<script>${js}</script>`),
    };
    const fill = (value) => {
      if (typeof value === 'string') return value.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
      if (Array.isArray(value)) return value.map(fill);
      if (value && typeof value === 'object')
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one)]));
      return value;
    };
    return { ...fill(vector), n };
  });
}

const base64 = (text) => Buffer.from(text).toString('base64');
