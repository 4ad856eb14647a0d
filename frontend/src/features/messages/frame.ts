import { allowedRules, type Rule, sheetText } from '../../lib/css.ts';
import { guardLinks, type LinkDoubt, markLinks } from '../../lib/linkTrust.ts';
import { cleanMail } from '../../lib/sanitize.ts';
import { frameMarkup } from '../../lib/trusted.ts';
import { t } from '../../lib/words.ts';
import { ask } from '../../ui/ask.svelte.ts';
import { darken, type Look, lookOf } from './night.ts';

const POLICY = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/** A mail as a document for its frame, and the rules of its own style sheet. */
export interface Framed {
  document: string;
  sheet: string;
  /** It brings a design of its own and wants a light sheet. */
  designed: boolean;
}

export function frameDocument(html: string, dark: boolean): Framed {
  const { fragment, css } = cleanMail(html);
  foldQuotes(fragment);
  // In no page: here an image that came through would be fetched, and its handlers would be ours.
  const box = document.implementation.createHTMLDocument('').body;
  box.append(fragment);
  const rules = css ? allowedRules(css, dark) : [];
  const look: Look = dark ? lookOf(box, rules, bringsDark(css)) : 'plain';
  if (dark && look === 'plain') darken(box, rules);
  markLinks(box);
  for (const styled of box.querySelectorAll('[style]')) {
    styled.setAttribute('data-style', styled.getAttribute('style') ?? '');
    styled.removeAttribute('style');
  }
  // Remote pictures come when the frame stands: one slow server must not keep the whole mail from being read.
  for (const picture of box.querySelectorAll('img[src^="/api/v1/images/"]')) {
    picture.setAttribute('data-picture', picture.getAttribute('src') ?? '');
    picture.removeAttribute('src');
  }
  const scheme = !dark ? 'light' : look === 'designed' ? 'light sheet' : 'dark';
  const text = `<!doctype html><html class="${scheme}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><link rel="stylesheet" href="/mail.css"></head><body>${box.innerHTML}</body></html>`;
  return { designed: look === 'designed', sheet: sheetText(rules), document: frameMarkup(text) };
}

/** Whether its rules for the dark are a design: they change what is written and what is behind it. */
function bringsDark(css: string): boolean {
  if (!/prefers-color-scheme/.test(css)) return false;
  const always = (rules: Rule[]) => rules.map(({ selector, style }) => selector + style.cssText);
  const day = new Set(always(allowedRules(css, false)));
  const night = allowedRules(css, true).filter((rule) => !day.has(always([rule])[0] ?? ''));
  return night.some(({ style }) => style.backgroundColor) && night.some(({ style }) => style.color);
}

/** By these marks a mail program says that it quotes; a quote without them may be part of the text. */
const QUOTED =
  'blockquote[type=cite], .m-gmail_quote blockquote, blockquote.m-gmail_quote, .m-yahoo_quoted blockquote, .m-protonmail_quote';

/**
 * The quoted original is folded away; a `<details>` needs no script. Where answers stand between quotes, these are
 * needed to understand them and stay.
 */
function foldQuotes(fragment: DocumentFragment): void {
  const text = (node: Node | null) => (node?.textContent ?? '').trim();
  const outermost = (quote: Element) => !quote.parentElement?.closest('blockquote');
  const all = [...fragment.querySelectorAll('blockquote')].filter(outermost);
  const marked = [...fragment.querySelectorAll(QUOTED)].filter(outermost);
  const last = marked.at(-1) ?? all.at(-1);
  if (!last || text(fragment) === text(last)) return;
  const rest = document.createRange();
  rest.setStartAfter(last);
  rest.setEndAfter(fragment.lastChild ?? last);
  const ends = !rest.toString().trim();
  if (!ends && (marked.length !== 1 || all.length > 1)) return;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = '•••';
  summary.setAttribute('title', t('message.quoted'));
  summary.setAttribute('aria-label', t('message.quoted'));
  details.append(summary);
  last.replaceWith(details);
  details.append(last);
}

/**
 * What the frame cannot do by itself. The application's policy reaches into it and may forbid style attributes, but not
 * what our own script sets; and a mail wider than the pane is made smaller, as far as it stays readable.
 */
export function finishFrame(frame: HTMLIFrameElement, sheet: string): () => void {
  const inside = frame.contentDocument;
  const view = inside?.defaultView as (Window & typeof globalThis) | null | undefined;
  if (!inside?.body || !view) return () => undefined;
  const own = new view.CSSStyleSheet();
  own.replaceSync(sheet);
  inside.adoptedStyleSheets = [own];
  for (const styled of inside.querySelectorAll<HTMLElement>('[data-style]'))
    styled.style.cssText = styled.dataset.style ?? '';
  // As with any page, the body's background is that of all the sheet.
  const root = inside.querySelector('body > .m--body:last-child');
  const paper = root && view.getComputedStyle(root).backgroundColor;
  if (paper && paper !== 'rgba(0, 0, 0, 0)') inside.body.style.backgroundColor = paper;
  for (const picture of inside.querySelectorAll<HTMLImageElement>('img[data-picture]'))
    picture.src = picture.dataset.picture ?? '';
  const measure = () => {
    const { body, documentElement: root } = inside;
    root.style.removeProperty('zoom');
    const scale = Math.max(0.5, Math.min(1, frame.clientWidth / Math.max(1, body.scrollWidth)));
    if (scale < 1) root.style.setProperty('zoom', String(scale));
    frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + 4}px`;
  };
  let width = -1;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(inside.body.getBoundingClientRect().height) + 4;
    if (frame.clientWidth !== width) {
      width = frame.clientWidth;
      measure();
    } else if (Math.abs(height - frame.clientHeight) > 1) frame.style.height = `${height}px`;
  });
  observer.observe(inside.body);
  observer.observe(frame);
  measure();
  const unguard = guardLinks(inside, confirmLink);
  return () => {
    observer.disconnect();
    unguard();
  };
}

async function confirmLink({ shown, host }: LinkDoubt): Promise<boolean> {
  const answer = await ask({
    title: t('link.title'),
    text: shown ? t('link.differs', { shown, host }) : t('link.lookalike', { host }),
    yes: t('link.go', { host }),
    danger: true,
  });
  return answer !== undefined;
}
