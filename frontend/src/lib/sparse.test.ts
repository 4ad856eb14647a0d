import { describe, expect, it } from 'vitest';
import { prepended, without, withRows } from './sparse.ts';

const rows = () =>
  new Map([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
    [500, 'x'],
    [501, 'y'],
  ]);

describe('rows of a list known in part', () => {
  it('close the gap of those taken out, also far below', () => {
    expect(without(rows(), [1, 500])).toEqual(
      new Map([
        [0, 'a'],
        [1, 'c'],
        [499, 'y'],
      ]),
    );
  });
  it('come back to where they were', () => {
    const gone = new Map([
      [0, 'a'],
      [2, 'c'],
      [501, 'y'],
    ]);
    expect(withRows(without(rows(), [...gone.keys()]), gone)).toEqual(rows());
  });
  it('move down when others arrive above', () => {
    expect(prepended(rows(), ['n', 'm']).get(502)).toBe('x');
    expect(prepended(rows(), ['n', 'm']).get(0)).toBe('n');
  });
});
