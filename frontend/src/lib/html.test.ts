import { describe, expect, it } from 'vitest';
import { levels, linkify, passages, textToHtml } from './html.ts';

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
  it('has links with brackets of their own, and without a scheme', () => {
    expect(linkify('(see https://example.org/a_(b)) or www.example.org, or <https://example.org/c>')).toEqual(
      [
        { text: '(see ' },
        { text: 'https://example.org/a_(b)', href: 'https://example.org/a_(b)' },
        { text: ') or ' },
        { text: 'www.example.org', href: 'http://www.example.org' },
        { text: ', or <' },
        { text: 'https://example.org/c', href: 'https://example.org/c' },
        { text: '>' },
      ],
    );
  });
  it('is read in time however it is made', () => {
    for (const hostile of ['a.', 'www.', 'a@', 'a@b.', 'https://(', ')'])
      expect(linkify(hostile.repeat(300_000)).length).toBeGreaterThan(0);
  }, 20_000);
  it('has its quotes by their depth', () => {
    expect(levels('> a\n>b\n>> c\n> > d\n>  e')).toEqual([
      { depth: 1, text: 'a\nb' },
      { depth: 2, text: 'c\nd' },
      { depth: 1, text: ' e' },
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
