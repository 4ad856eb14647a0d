import DOMPurify from 'dompurify';

const OWN_PICTURE = /^(data:image\/(png|jpe?g|gif|webp|avif|bmp)[;,]|\/api\/v1\/)/i;

const config = {
  FORBID_TAGS: [
    'style',
    'form',
    'input',
    'button',
    'select',
    'textarea',
    'option',
    'meta',
    'link',
    'base',
    'iframe',
    'frame',
    'object',
    'embed',
    'svg',
    'math',
    'audio',
    'video',
    'source',
    'track',
    'template',
    'dialog',
  ],
  FORBID_ATTR: [
    'srcset',
    'ping',
    'action',
    'formaction',
    'background',
    'poster',
    'autofocus',
    'tabindex',
    'name',
    'id',
  ],
  ALLOW_DATA_ATTR: false,
  // DOMPurify asks this of every attribute that is not known to be harmless, so plain values must pass as well.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
  RETURN_DOM_FRAGMENT: true,
} as const;

/**
 * The second wall around a mail's HTML; the server has cleaned it already. Nothing that runs, asks or posts is left,
 * pictures come from this server or from within the mail, and links open elsewhere without telling from where.
 */
export function cleanMail(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    ...config,
    FORBID_TAGS: [...config.FORBID_TAGS],
    FORBID_ATTR: [...config.FORBID_ATTR],
  });
  for (const link of fragment.querySelectorAll('a, area')) {
    if (!/^(https?:|mailto:|tel:)/i.test(link.getAttribute('href')?.trim() ?? ''))
      link.removeAttribute('href');
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer');
  }
  for (const image of fragment.querySelectorAll('img')) {
    if (!OWN_PICTURE.test(image.getAttribute('src') ?? '')) image.removeAttribute('src');
  }
  for (const styled of fragment.querySelectorAll('[style]')) {
    // A style may not load anything nor leave the mail's place.
    if (
      /url\s*\(|image-set|@import|expression|position\s*:\s*(fixed|sticky)/i.test(
        styled.getAttribute('style') ?? '',
      )
    )
      styled.removeAttribute('style');
  }
  return fragment;
}

/** For quoting in an answer: the same, as text. */
export function cleanHtml(html: string): string {
  const box = document.createElement('div');
  box.append(cleanMail(html));
  return box.innerHTML;
}
