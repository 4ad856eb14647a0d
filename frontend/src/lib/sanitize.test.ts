import { describe, expect, it } from 'vitest';
import { cleanMail, cleanQuote, PICTURE_OF_DRAFT } from './sanitize.ts';

const cleanHtml = (html: string) => cleanQuote(html).innerHTML;

describe('the second wall', () => {
  it.each([
    ['<script>alert(1)</script>', /script/],
    ['<img src=x onerror=alert(1)>', /onerror/],
    ['<svg><a href="javascript:alert(1)">x</a></svg>', /javascript|svg/],
    ['<a href="java\tscript:alert(1)">x</a>', /script:/],
    ['<iframe src="https://example.org"></iframe>', /iframe/],
    ['<form action="https://example.org"><input name=q></form>', /form|input/],
    ['<style>body{background:url(https://example.org/x)}</style>', /example/],
    ['<p style="background:url(https://example.org/x)">x</p>', /example/],
    ['<div style="position:fixed;inset:0">x</div>', /fixed/],
    ['<img src="https://example.org/pixel.gif">', /example/],
    ['<img srcset="https://example.org/pixel.gif 2x">', /example/],
    ['<table background="https://example.org/x.gif"><tr><td>x</table>', /example/],
    [
      '<meta http-equiv=refresh content="0;url=https://example.org"><link rel=stylesheet href="https://example.org">',
      /example/,
    ],
    ['<img src="data:image/svg+xml,<svg onload=alert(1)>">', /svg/],
    [
      '<p class="dialog m-x" id="app" data-x="1" tabindex="0" contenteditable>x</p>',
      /class|id=|data|tab|edit/,
    ],
    ['<p style="background-image:image-set(\'https://example.org\' 1x)">x</p>', /example/],
    ['<span src="https://example.org/x" href="javascript:1">x</span>', /example|script/],
    ['<custom-x onclick="x()">y</custom-x><audio src="https://example.org"></audio>', /custom|click|example/],
  ])('takes the sting out of %s', (html, sting) => {
    expect(cleanHtml(html)).not.toMatch(sting);
  });
  it('keeps what makes a mail look as it should', () => {
    const html =
      '<table width="600" bgcolor="#fff"><tbody><tr><td style="color: red">Hi</td></tr></tbody></table>';
    expect(cleanHtml(html)).toBe(html);
    expect(cleanHtml('<img src="data:image/png;base64,AAAA">')).toContain('data:image/png');
  });
  it('lets a mail being written show what goes along with it, and nothing else', () => {
    const sources = (html: string, pictures?: RegExp) =>
      [...cleanMail(html, pictures).fragment.querySelectorAll('img')].map((one) => one.getAttribute('src'));
    const html =
      '<img src="cid:a@x"><img src="https://example.org/b.png"><img src="/api/v1/session"><img src="data:image/png;base64,AA">';
    expect(sources(html, PICTURE_OF_DRAFT)).toEqual(['cid:a@x', null, null, 'data:image/png;base64,AA']);
    expect(sources(html)).toEqual([null, null, '/api/v1/session', 'data:image/png;base64,AA']);
    expect(cleanHtml('<a href="cid:a@x">x</a>')).not.toMatch(/cid/);
  });
  it('opens links elsewhere, without telling from where', () => {
    expect(cleanHtml('<a href="https://example.org">x</a>')).toContain('rel="noopener noreferrer"');
  });
});
