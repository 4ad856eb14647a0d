import { cleanMail } from '../../lib/sanitize.ts';
import { t } from '../../lib/words.ts';

const POLICY = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/** A mail's HTML as a document for its frame. `designed`: it brings colours of its own and wants a light sheet. */
export function frameDocument(html: string, dark: boolean): { document: string; designed: boolean } {
  const fragment = cleanMail(html);
  foldQuotes(fragment);
  const box = document.createElement('div');
  box.append(fragment);
  for (const styled of box.querySelectorAll('[style]')) {
    styled.setAttribute('data-style', styled.getAttribute('style') ?? '');
    styled.removeAttribute('style');
  }
  const designed = /\b(bgcolor|background|color)\s*[=:]|<font\b/i.test(box.innerHTML);
  const look = !dark ? 'light' : designed ? 'light sheet' : 'dark';
  return {
    designed,
    document: `<!doctype html><html class="${look}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><link rel="stylesheet" href="/mail.css"></head><body>${box.innerHTML}</body></html>`,
  };
}

/** The quoted original is folded away; a `<details>` needs no script. */
function foldQuotes(fragment: DocumentFragment): void {
  const quotes = [...fragment.querySelectorAll('blockquote')];
  const last = quotes.find((quote) => !quote.parentElement?.closest('blockquote'));
  if (!last || !(fragment.textContent ?? '').replace(last.textContent ?? '', '').trim()) return;
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
export function finishFrame(frame: HTMLIFrameElement): () => void {
  const inside = frame.contentDocument;
  if (!inside?.body) return () => undefined;
  for (const styled of inside.querySelectorAll<HTMLElement>('[data-style]'))
    styled.style.cssText = styled.dataset.style ?? '';
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
  return () => observer.disconnect();
}
