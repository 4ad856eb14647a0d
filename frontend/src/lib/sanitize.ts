import DOMPurify from 'dompurify';
import { allowedRules, allowedText } from './css.ts';

const OWN_PICTURE = /^(data:image\/(png|jpe?g|gif|webp|avif|bmp)[;,]|\/api\/v1\/)/i;
/** What a mail being written may show: what goes along with it (RFC 2392), and what can be made to. */
export const PICTURE_OF_DRAFT = /^(cid:|data:image\/)/i;
const LINK = /^(https?:|mailto:|tel:)/i;
/** The mail's own names, and those that the server gives. */
const OWN_CLASS = /^(m-|valija-(text|quote|blocked-image)$)/;

const words = (text: string) => text.split(/\s+/);

// dev.valija.message.HtmlPolicy has the same elements and attributes.
const config = {
  ALLOWED_TAGS: words(
    `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt
    em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s
    samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr #text`,
  ),
  ALLOWED_ATTR: words(
    `alt title aria-label lang dir role aria-hidden hidden align valign width height border cellpadding cellspacing hspace
    vspace start value colspan rowspan span nowrap bgcolor color size face type href target rel src class style`,
  ),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  // DOMPurify asks this of every attribute that is not known to be harmless, so plain values must pass as well.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
  RETURN_DOM_FRAGMENT: true,
} as const;

/** What a mail says of its looks, apart from its elements; read by {@link allowedRules} before it is used. */
let sheets: string[] = [];
DOMPurify.addHook('uponSanitizeElement', (node, { tagName }) => {
  if (tagName === 'style' && node instanceof HTMLStyleElement) sheets.push(node.textContent ?? '');
});

/**
 * The second wall around a mail's HTML; the server has cleaned it already. Nothing that runs, asks or posts is left,
 * pictures come from this server or from within the mail, and links open elsewhere without telling from where. `css` is
 * what the style elements of the body hold, not yet clean.
 *
 * @param pictures where pictures may come from
 */
export function cleanMail(html: string, pictures = OWN_PICTURE): { fragment: DocumentFragment; css: string } {
  sheets = [];
  const fragment = DOMPurify.sanitize(html, {
    ...config,
    ALLOWED_TAGS: [...config.ALLOWED_TAGS],
    ALLOWED_ATTR: [...config.ALLOWED_ATTR],
  });
  const css = sheets.join('\n');
  for (const link of fragment.querySelectorAll('a')) {
    if (!LINK.test(link.getAttribute('href')?.trim() ?? '')) link.removeAttribute('href');
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer');
  }
  for (const image of fragment.querySelectorAll('img')) {
    if (!pictures.test(image.getAttribute('src') ?? '')) image.removeAttribute('src');
  }
  for (const other of fragment.querySelectorAll('[src]:not(img), [href]:not(a)')) {
    other.removeAttribute('src');
    other.removeAttribute('href');
  }
  for (const named of fragment.querySelectorAll('[class]')) {
    const own = [...named.classList].filter((name) => OWN_CLASS.test(name));
    if (own.length > 0) named.setAttribute('class', own.join(' '));
    else named.removeAttribute('class');
  }
  for (const styled of fragment.querySelectorAll('[style]')) {
    const text = allowedText(styled.getAttribute('style') ?? '').cssText.replace(/;$/, '');
    if (text) styled.setAttribute('style', text);
    else styled.removeAttribute('style');
  }
  return { fragment, css };
}

/** For quoting in an answer: the rules of its style sheet are with the elements they mean. It is in no page. */
export function cleanQuote(html: string): HTMLElement {
  const { fragment, css } = cleanMail(html);
  // In no page: what came through would act in ours.
  const box = document.implementation.createHTMLDocument('').body;
  box.append(fragment);
  if (css) {
    for (const { selector, style } of allowedRules(css, false)
      .filter((rule) => rule.media === '')
      .slice(-500)
      .reverse())
      for (const element of box.querySelectorAll(selector))
        element.setAttribute('style', style.cssText + (element.getAttribute('style') ?? ''));
  }
  for (const named of box.querySelectorAll('[class]')) named.removeAttribute('class');
  return box;
}
