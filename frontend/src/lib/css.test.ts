import { describe, expect, it } from 'vitest';
import { allowedText, settled } from './css.ts';

describe('a style of a mail', () => {
  it.each([
    ['color: red; position: fixed; top: 0; z-index: 9', 'color: red;'],
    ['background-image: url(https://t.example/x); width: 10px', 'width: 10px;'],
    ['margin-left: -900px; padding-left: 4px', 'padding-left: 4px;'],
    ['height: 100vh; min-height: 50px', 'min-height: 50px;'],
    ['width: 123456px; color: blue', 'color: blue;'],
    ['list-style-image: image-set("https://t.example/x" 1x); float: left', 'float: left;'],
  ])('keeps of %s what stays in its place', (written, kept) => {
    expect(allowedText(written).cssText).toBe(kept);
  });
});

describe('a media query', () => {
  it.each([
    ['(max-width: 600px)', false, '(max-width: 600px)'],
    ['only screen and (max-width: 600px)', false, '(max-width: 600px)'],
    ['(prefers-color-scheme: dark)', true, 'all'],
    ['(prefers-color-scheme: dark)', false, null],
    ['(prefers-color-scheme: light) and (min-width: 480px)', false, '(min-width: 480px)'],
    ['print', false, null],
    ['print, screen', false, 'all'],
    ['(min-height: 600px)', false, null],
    ['not all', false, null],
  ])('%s, dark %s, is %s', (query, dark, result) => {
    expect(settled(query, dark)).toBe(result);
  });
});
