import { describe, expect, it } from 'vitest';
import { atNight, inAnyState, isPaper } from './night.ts';

describe('a text at night', () => {
  it('is light where it was dark, and keeps its hue', () => {
    expect(atNight([0, 0, 0])).toBe('#e6eaeb');
    expect(atNight([51, 51, 51])).toBe('#e6eaeb');
    const blue =
      /rgb\((\d+), (\d+), (\d+)\)/
        .exec(atNight([0, 0, 255]))
        ?.slice(1)
        .map(Number) ?? [];
    expect(blue[2]).toBe(255);
    expect(blue[0]).toBeGreaterThan(60);
  });
  it('stays where it can be read', () => {
    expect(atNight([255, 255, 255])).toBe('rgb(255, 255, 255)');
    expect(atNight([240, 180, 60])).toBe('rgb(240, 180, 60)');
  });
  it('is on paper only where the paper is white', () => {
    expect(isPaper([255, 255, 255])).toBe(true);
    expect(isPaper([238, 242, 242])).toBe(false);
  });
});

describe('a selector in any state', () => {
  it.each([
    ['.m-b>:hover', '.m-b>*'],
    ['.m-b a:hover:focus', '.m-b a'],
    [':hover:focus', '*'],
    ['.m-b :hover,:link + .m-c:active', '.m-b *,* + .m-c'],
    ['.m-b p:first-child', '.m-b p:first-child'],
  ])('of %s is one', (selector, expected) => {
    expect(inAnyState(selector)).toBe(expected);
    expect(() => document.querySelector(inAnyState(selector))).not.toThrow();
  });
});
