const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** Plain text as paragraphs, as an editor wants it. */
export function textToHtml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('');
}

export type Run = { text: string } | { text: string; href: string };

// Every part has its end, lest a long line without blanks takes its square in steps.
const ADDRESS =
  /\b(?:https?:\/\/|www\.)[^\s<>"]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gi;

/** Text with its web and mail addresses found; nothing is fetched for it. */
export function linkify(text: string): Run[] {
  const runs: Run[] = [];
  let last = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = withoutPunctuation(match[0]);
    if (match.index > last) runs.push({ text: text.slice(last, match.index) });
    runs.push({ text: found, href: target(found) });
    last = match.index + found.length;
  }
  if (last < text.length) runs.push({ text: text.slice(last) });
  return runs;
}

function target(found: string): string {
  if (/^https?:/i.test(found)) return found;
  return /^www\./i.test(found) ? `http://${found}` : `mailto:${found}`;
}

/** A full stop or a bracket after a link belongs to the sentence, unless the link opened the bracket. */
function withoutPunctuation(found: string): string {
  let end = found.length;
  for (let tries = 0; tries < 20 && end > 1; tries++) {
    const shown = found.slice(0, end);
    const opened = shown.split('(').length >= shown.split(')').length;
    if (!/[.,;:!?\]'*}|]$/.test(shown) && (opened || !shown.endsWith(')'))) break;
    end--;
  }
  return found.slice(0, end);
}

/** A stretch of a plain text mail: what was written, what was quoted, what is signed. */
export interface Passage {
  kind: 'text' | 'quote' | 'signature';
  text: string;
}

/** A quote's lines by how deep they are quoted, without the marks. */
export function levels(quote: string): { depth: number; text: string }[] {
  const result: { depth: number; text: string }[] = [];
  for (const line of quote.split('\n')) {
    const marks = /^(?:> ?){1,20}/.exec(line)?.[0] ?? '';
    const depth = marks.replaceAll(' ', '').length;
    const last = result.at(-1);
    const text = line.slice(marks.length);
    if (last?.depth === depth) last.text += `\n${text}`;
    else result.push({ depth, text });
  }
  return result;
}

/** Parts a text at its quotes (`>`) and its signature (`-- `, RFC 3676 4.3). */
export function passages(text: string): Passage[] {
  const result: Passage[] = [];
  let signed = false;
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (line === '-- ' || line === '--') signed = true;
    const kind = line.startsWith('>') ? 'quote' : signed ? 'signature' : 'text';
    const last = result.at(-1);
    if (last?.kind === kind) last.text += `\n${line}`;
    else result.push({ kind, text: line });
  }
  return result;
}
