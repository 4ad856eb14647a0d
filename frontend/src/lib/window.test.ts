import { describe, expect, it } from 'vitest';
import { pagesToLoad, scrollToShow, visibleSpan } from './window.ts';

describe('the rows worth drawing', () => {
  it('are those in sight and some around', () => {
    expect(visibleSpan(48 * 100, 480, 48, 100_000, 5)).toEqual({ start: 95, end: 115 });
  });
  it('stay within the list', () => {
    expect(visibleSpan(0, 480, 48, 3)).toEqual({ start: 0, end: 3 });
    expect(visibleSpan(-50, 480, 48, 100, 0)).toEqual({ start: 0, end: 10 });
    expect(visibleSpan(48 * 99_999, 480, 48, 100_000, 4)).toEqual({ start: 99_995, end: 100_000 });
  });
  it('are none of a list that shrank below the scroll position', () => {
    expect(visibleSpan(48 * 500, 480, 48, 10, 2)).toEqual({ start: 10, end: 10 });
  });
  it('are none of an empty list', () => {
    expect(visibleSpan(0, 480, 48, 0)).toEqual({ start: 0, end: 0 });
  });
});

describe('the pages to fetch', () => {
  const unknown = () => true;
  it('cover the span', () => {
    expect(pagesToLoad({ start: 95, end: 205 }, 100, unknown)).toEqual([0, 1, 2]);
    expect(pagesToLoad({ start: 100, end: 200 }, 100, unknown)).toEqual([1]);
  });
  it('leave out what is known', () => {
    expect(pagesToLoad({ start: 95, end: 205 }, 100, (index) => index >= 200)).toEqual([2]);
    expect(pagesToLoad({ start: 0, end: 50 }, 100, () => false)).toEqual([]);
  });
});

it('a row is scrolled to only if it is not wholly seen', () => {
  expect(scrollToShow(5, 0, 480, 48)).toBeUndefined();
  expect(scrollToShow(10, 0, 480, 48)).toBe(48);
  expect(scrollToShow(2, 480, 480, 48)).toBe(96);
});
