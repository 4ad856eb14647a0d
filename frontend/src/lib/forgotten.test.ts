import { expect, it } from 'vitest';
import { spokenFile } from './forgotten.ts';

const FORWARDED = '---------- Forwarded message ----------';
const spoken = (html: string, subject = '') => spokenFile(subject, html, FORWARDED);

it('knows when a file is spoken of', () => {
  expect(spoken('<p>Please find the plan attached.</p>')).toBe('attached');
  expect(spoken('<p>Anbei der Plan</p>')).toBe('Anbei');
  expect(spoken('<p>Te envío el documento <strong>adjunto</strong></p>')).toBe('adjunto');
  expect(spoken('<p>Die Pläne finden Sie im Anhang.</p>')).toBe('Anhang');
  expect(spoken('<p>Zwei Anhänge, wie besprochen</p>')).toBe('Anhänge');
  expect(spoken('<p>Das beiliegende Angebot</p>')).toBe('beiliegende');
  expect(spoken('<p>He adjuntado el plan</p>')).toBe('adjuntado');
  expect(spoken('<p>Adjunté el plan</p>')).toBe('Adjunté');
  expect(spoken('<p>Voir la pièce jointe</p>')).toBe('pièce jointe');
  expect(spoken('<p>Hello</p>', 'Attachment for you')).toBe('Attachment');
});

it('minds neither what is quoted or forwarded nor words that only begin so', () => {
  expect(
    spoken('<p>Thanks</p><p>Anna wrote:</p><blockquote><p>see the attached <b>plan</b></p></blockquote>'),
  ).toBeUndefined();
  expect(spoken(`<p>Look</p><p>${FORWARDED}</p><p>attached</p>`)).toBeUndefined();
  expect(spoken('<p>I am very attachable, unattached and re-attached</p>')).toBeUndefined();
  expect(spoken('<p>Ich bin sehr anhänglich, und das Angebot steht</p>')).toBeUndefined();
  expect(spoken('<p>El director adjuntísimo</p>')).toBeUndefined();
  expect(spoken('<p>ok</p>', 'Re: attachment')).toBeUndefined();
  expect(spoken('<p><a href="https://example.org/attached">the page</a></p>')).toBeUndefined();
});

it('minds what is written below a quotation', () => {
  expect(spoken('<blockquote><p>the plan?</p></blockquote><p>It is attached</p>')).toBe('attached');
});

it('minds what is written between quotations, and not what is quoted twice', () => {
  const quote = (inside: string) => `<blockquote type="cite"><p>${inside}</p></blockquote>`;
  expect(spoken(`${quote('the plan?')}<p>Enclosed.</p>${quote('and when?')}`)).toBe('Enclosed');
  expect(spoken(`<p>ok</p>${quote(`a${quote('b')}attached`)}<p>fine</p>`)).toBeUndefined();
});
