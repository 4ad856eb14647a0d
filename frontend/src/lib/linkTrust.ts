import { t } from './words.ts';

/** Why a link should not be followed without a second look. */
export interface LinkDoubt {
  /** What the text names; empty where it is only the host that is odd. */
  shown: string;
  /** Where it leads, as it is in the DNS. */
  host: string;
}

const HOST =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})$/iu;
const LONGEST_TEXT = 2_000;
/** Names of files and of things that only look like a host. */
const NO_SITE = /\.(?:html?|php|pdf|docx?|xlsx?|pptx?|txt|zip|jpe?g|png|gif|js|ts|css|md|csv|json|xml|exe)$/i;

/**
 * Judges a link by what it says and where it leads. One that leads to the host it names, to a part of it or to what that
 * is a part of, does what it says; no list of public suffixes is needed for that.
 */
export function doubtOf(text: string, href: string): LinkDoubt | undefined {
  const target = webHost(href);
  if (!target) return undefined;
  const shown = hostIn(text);
  if (shown !== undefined && !related(shown.host, target)) return { shown: shown.written, host: target };
  return isDeceptive(target) ? { shown: '', host: target } : undefined;
}

function webHost(href: string): string | undefined {
  try {
    const url = new URL(href);
    return url.protocol === 'http:' || url.protocol === 'https:'
      ? url.hostname.replace(/\.$/, '')
      : undefined;
  } catch {
    return undefined;
  }
}

/** The host that a text names when it is an address and nothing else. */
function hostIn(text: string): { written: string; host: string } | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const bare = text
    .replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim()
    .replace(/^[<([{"'«“„]+|[>)\]}"'»”.,;:!?…]+$/g, '');
  const scheme = /^https?:\/\//i.test(bare);
  const written = bare
    .replace(/^https?:\/*/i, '')
    .split(/[/?#\\]/, 1)[0]
    ?.replace(/^.*@(?=[^@]*$)/, scheme ? '' : '$&')
    .replace(/:\d{1,5}$/, '');
  if (!written || !(HOST.test(written) || (scheme && /^[\d.]+$|^\[[\da-f:.]+\]$/i.test(written))))
    return undefined;
  if (!scheme && !/^www\./i.test(written) && NO_SITE.test(written) && bare.length === written.length)
    return undefined;
  try {
    return { written, host: new URL(`http://${written}`).hostname };
  } catch {
    return undefined;
  }
}

function related(one: string, other: string): boolean {
  const [a, b] = [one.replace(/^www\./, ''), other.replace(/^www\./, '')];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}

/** Cyrillic and Greek letters that look Latin. */
const BORROWED = /^[авсԁегһіјӏкмпорԛѕтѵԝхуъьαγικνορτυχω0-9-]+$/u;

/** Whether a host written with other letters is easily taken for another one. */
function isDeceptive(host: string): boolean {
  if (!host.includes('xn--')) return false;
  const labels = host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? decodePunycode(label.slice(4)) : label));
  const latinSite = /^[a-z0-9-]+$/.test(labels.at(-1) ?? '');
  return labels.some((label) => label === undefined || isDeceptiveLabel(label, latinSite));
}

function isDeceptiveLabel(label: string, latinSite: boolean): boolean {
  if (/^[a-z0-9-]*$/.test(label)) return false;
  if (/[^\p{L}\p{M}\p{N}\u30fb·-]/u.test(label)) return true;
  const latin = /\p{Script=Latin}/u.test(label);
  // Letters of the alphabet with marks, and the few that languages add to it.
  if (latin && /^[a-z0-9\p{M}ßæøœþðłđħı-]*$/u.test(label.normalize('NFD'))) return false;
  const scripts = [
    'Cyrillic',
    'Greek',
    'Armenian',
    'Cherokee',
    'Coptic',
    'Hebrew',
    'Arabic',
    'Thai',
    'Devanagari',
  ].filter((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(label));
  if (latin)
    return (
      scripts.length > 0 ||
      !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(label)
    );
  return scripts.length > 1 || (latinSite && BORROWED.test(label));
}

/** RFC 3492 6.2; undefined for what is none. */
function decodePunycode(input: string): string | undefined {
  const split = input.lastIndexOf('-');
  const points = split > 0 ? [...input.slice(0, split)].map((char) => char.charCodeAt(0)) : [];
  let [n, i, bias] = [128, 0, 72];
  for (let at = split > 0 ? split + 1 : 0; at < input.length; ) {
    const before = i;
    for (let weight = 1, k = 36; ; k += 36) {
      const digit = Number.parseInt(input.charAt(at++), 36);
      if (Number.isNaN(digit)) return undefined;
      // Punycode counts letters first, digits after them.
      const value = digit < 10 ? digit + 26 : digit - 10;
      i += value * weight;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (value < threshold) break;
      weight *= 36 - threshold;
      if (weight > 0x7fffffff) return undefined;
    }
    const length = points.length + 1;
    let delta = Math.floor((i - before) / (before === 0 ? 700 : 2));
    delta += Math.floor(delta / length);
    let k = 0;
    for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
    bias = k + Math.floor((36 * delta) / (delta + 38));
    n += Math.floor(i / length);
    i %= length;
    if (n > 0x10ffff) return undefined;
    points.splice(i++, 0, n);
  }
  return String.fromCodePoint(...points);
}

/** Writes behind each doubtful link where it leads: seen on a phone and on paper too. */
export function markLinks(root: ParentNode & Node): void {
  for (const link of root.querySelectorAll('a[href]')) {
    const doubt = doubtOf(link.textContent ?? '', link.getAttribute('href') ?? '');
    if (!doubt) continue;
    const mark = (root.ownerDocument ?? document).createElement('span');
    mark.className = 'valija-leads-to';
    mark.textContent = ` (${t('link.mark', { host: doubt.host })})`;
    link.after(mark);
  }
}

/** Asks before a doubtful link of the mail is followed. @returns how to stop */
export function guardLinks(mail: Document, confirm: (doubt: LinkDoubt) => Promise<boolean>): () => void {
  const guard = (event: Event) => {
    const link = (event.target as Element | null)?.closest?.('a[href]');
    const href = link?.getAttribute('href');
    if (!link || !href || (event as MouseEvent).button > 1) return;
    const doubt = doubtOf(link.textContent ?? '', href);
    if (!doubt) return;
    event.preventDefault();
    void confirm(doubt).then((yes) => {
      if (yes) window.open(href, '_blank', 'noopener,noreferrer');
    });
  };
  mail.addEventListener('click', guard, true);
  mail.addEventListener('auxclick', guard, true);
  return () => {
    mail.removeEventListener('click', guard, true);
    mail.removeEventListener('auxclick', guard, true);
  };
}
