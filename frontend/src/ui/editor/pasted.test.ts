import { expect, it } from 'vitest';
import { adapted } from './pasted.ts';

const PNG = `data:image/png;base64,${btoa('\x89PNG\r\n\x1a\n')}`;
const none = () => undefined;
const sliceOf = (html: string) => {
  const body = new DOMParser().parseFromString(adapted(html, none).html, 'text/html').body;
  return body.querySelector('[data-pm-slice]')?.getAttribute('data-pm-slice');
};

it.each([
  ['<meta charset="utf-8"><p data-pm-slice="1 1 []">two words </p>', '1 1 []'],
  [
    '<p data-pm-slice="1 1 [&quot;bulletList&quot;,null,&quot;listItem&quot;,null]">a</p>',
    '1 1 ["bulletList",null,"listItem",null]',
  ],
  [
    '<p data-pm-slice="2 2 [&quot;orderedList&quot;,{&quot;start&quot;:&quot;x&quot;}]">a</p>',
    '2 2 ["orderedList",null]',
  ],
  ['<p>a</p>', undefined],
  ['<p data-pm-slice="1 1 [&quot;image&quot;,{&quot;src&quot;:&quot;x&quot;}]">a</p>', undefined],
  ['<p data-pm-slice="1 1 -2 []">a</p>', undefined],
  ['<p data-pm-slice="1 1 {}">a</p>', undefined],
  ['<p data-pm-slice="1 1 [&quot;bulletList">a</p>', undefined],
  ['<p data-pm-slice="100 1 []">a</p>', undefined],
  ['<p data-pm-slice="x">a</p>', undefined],
  ['<p data-pm-slice="1 1 []" onclick="x()">a</p>', '1 1 []'],
])('of a piece the editor copied it is known what it was part of: %s', (html, slice) => {
  expect(sliceOf(html)).toBe(slice);
  expect(adapted(html, none).html).not.toContain('onclick');
});

it('takes pictures along that are in it or in a mail written here, each once, and counts the others', () => {
  const asked: unknown[] = [];
  const { html, lost } = adapted(
    `<p>${`<img src="${PNG}">`.repeat(2)}<img src="cid:a@valija"><img src="cid:a@valija"><img src="cid:gone@x">
    <img src="https://elsewhere.example/1.png"></p>`,
    (picture) => {
      asked.push(typeof picture === 'string' ? picture : picture.type);
      return picture === 'gone@x' ? undefined : `${asked.length}@new`;
    },
  );
  expect(asked).toEqual(['image/png', 'a@valija', 'gone@x']);
  expect(html.match(/<img[^>]*>/g)).toEqual([
    '<img src="cid:1@new">',
    '<img src="cid:1@new">',
    '<img src="cid:2@new">',
    '<img src="cid:2@new">',
  ]);
  expect(lost).toBe(2);
});

it('a picture that is too large is told where it is refused', () => {
  expect(adapted(`<img src="${PNG}">`, none).lost).toBe(0);
});
