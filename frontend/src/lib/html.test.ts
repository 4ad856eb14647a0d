import { describe, expect, it } from 'vitest';
import { linkify, passages, textToHtml } from './html.ts';

describe('plain text', () => {
  it('has its addresses found, without the full stop after them', () => {
    expect(linkify('See https://example.org/a?b=1. Or ask luis@example.org!')).toEqual([
      { text: 'See ' },
      { text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
      { text: '. Or ask ' },
      { text: 'luis@example.org', href: 'mailto:luis@example.org' },
      { text: '!' },
    ]);
  });
  it('never makes a link that runs', () => {
    expect(linkify('javascript:alert(1) data:text/html,x')).toEqual([
      { text: 'javascript:alert(1) data:text/html,x' },
    ]);
  });
  it('is parted into text, quote and signature', () => {
    expect(passages('Hi\n> you\n> said\nYes\n-- \nAnna\nPorto').map((one) => one.kind)).toEqual([
      'text',
      'quote',
      'text',
      'signature',
    ]);
  });
  it('becomes harmless paragraphs', () => {
    expect(textToHtml('a <b>\r\n\nc')).toBe('<p>a &lt;b&gt;</p><p></p><p>c</p>');
  });
});
