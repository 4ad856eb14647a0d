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

/** Text with its web and mail addresses found; nothing is fetched for it. */
export function linkify(text: string): Run[] {
  const runs: Run[] = [];
  let last = 0;
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi)) {
    const found = match[0].replace(/[.,;:!?)\]'*]+$/, '');
    if (match.index > last) runs.push({ text: text.slice(last, match.index) });
    runs.push({ text: found, href: /^https?:/i.test(found) ? found : `mailto:${found}` });
    last = match.index + found.length;
  }
  if (last < text.length) runs.push({ text: text.slice(last) });
  return runs;
}

/** A stretch of a plain text mail: what was written, what was quoted, what is signed. */
export interface Passage {
  kind: 'text' | 'quote' | 'signature';
  text: string;
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
