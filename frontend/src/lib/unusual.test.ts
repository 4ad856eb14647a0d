import { describe, expect, it } from 'vitest';
import { type Doubt, difference, doubts, type Known } from './unusual.ts';

const OWN = ['anna@acme-works.example'];
const KNOWN: Known[] = [
  ...[
    'luis@gmail.com',
    'marta.oliveira@harbour.org',
    'jonas.weber@acme-works.example',
    'priya@acme-works.example',
    'team1@rowing-club.org',
    'info@kontor.de',
    'a@x.de',
    'j.smith@acme-works.example',
    'lee@harbour.org',
  ].map((email) => ({ email, trusted: true })),
  { email: 'spam@gmai1.com', trusted: false },
  { email: 'someone@harbor.org', trusted: false },
];
const ask = (more: Partial<Parameters<typeof doubts>[0]>) =>
  doubts({ open: [], bcc: [], given: [], own: OWN, isAnswer: false, known: KNOWN, ...more });
const named = (all: Doubt[]) => all.map((one) => ('like' in one ? `${one.kind} ${one.like}` : one.kind));

describe('one letter apart', () => {
  it.each([
    ['gmial.com', 'gmail.com', 2],
    ['gmal.com', 'gmail.com', 3],
    ['gmaill.com', 'gmail.com', 5],
    ['gmeil.com', 'gmail.com', 2],
    ['gmail.con', 'gmail.com', 8],
    ['gmail.com', 'gmail.com', undefined],
    ['gmali.co', 'gmail.com', undefined],
    ['', 'a', 0],
    ['abcd', 'badc', undefined],
  ])('%s and %s', (one, other, at) => {
    expect(difference(one, other)).toBe(at);
    expect(difference(other, one)).toBe(at);
  });
});

describe('who gets a mail', () => {
  it.each([
    // A domain mistyped
    ['new@gmial.com', 'domain gmail.com'],
    ['NEW@GMIAL.COM', 'domain gmail.com'],
    ['new@gmail.co', 'domain gmail.com'],
    ['new@gmail.con', 'domain gmail.com'],
    ['new@acme-work.example', 'domain acme-works.example'],
    ['new@rowing-clubb.org', 'domain rowing-club.org'],
    // Meant as it is
    ['new@gmail.com', undefined],
    ['luis@gmail.com', undefined],
    ['new@harbor.org', undefined], // somebody wrote from there, so it is one
    ['spam@gmai1.com', undefined],
    ['new@kontor.dk', undefined], // the same house in another country
    ['new@y.de', undefined],
    ['new@gmx.de', undefined],
    ['new@elsewhere.net', undefined],
    // A name mistyped
    ['marta.olivera@harbour.org', 'person marta.oliveira@harbour.org'],
    ['marta.oliveria@harbour.org', 'person marta.oliveira@harbour.org'],
    ['jonas.wber@acme-works.example', 'person jonas.weber@acme-works.example'],
    // Other people
    ['k.smith@acme-works.example', undefined],
    ['jonas.leber@acme-works.example', undefined],
    ['leo@harbour.org', undefined],
    ['team2@rowing-club.org', undefined],
    ['marta.oliveira@acme-works.example', undefined],
    ['anna@acme-works.example', undefined],
  ])('%s', (email, doubt) => {
    expect(named(ask({ open: [email] }))).toEqual(doubt ? [doubt] : []);
    expect(named(ask({ bcc: [email] }))).toEqual(doubt ? [doubt] : []);
    expect(ask({ open: [email], given: [email] })).toEqual([]);
    expect(ask({ open: [email], known: [...KNOWN, { email, trusted: false }] })).toEqual([]);
  });

  it('nobody is like those who only wrote', () => {
    expect(ask({ open: ['new@gmai11.com'] })).toEqual([]);
  });

  const colleagues = ['jonas.weber@acme-works.example', 'priya@acme-works.example'];
  it.each([
    [
      'somebody new among colleagues',
      { isAnswer: true, open: [...colleagues, 'new@else.org'] },
      ['outsider'],
    ],
    ['not in a mail that answers none', { open: [...colleagues, 'new@else.org'] }, []],
    ['not who is known', { isAnswer: true, open: [...colleagues, 'luis@gmail.com'] }, []],
    ['not who was in it', { isAnswer: true, open: [...colleagues, 'b@else.org'], given: ['b@else.org'] }, []],
    [
      'not where there are others',
      { isAnswer: true, open: [...colleagues, 'b@else.org', 'luis@gmail.com'] },
      [],
    ],
    ['not beside one colleague', { isAnswer: true, open: [colleagues[0] ?? '', 'b@else.org'] }, []],
    [
      'not at a provider for everybody',
      { isAnswer: true, own: ['me@gmail.com'], open: ['b@gmail.com', 'c@gmail.com', 'd@else.org'] },
      [],
    ],
  ])('an answer: %s', (_, question, kinds) => {
    expect(ask(question).map((one) => one.kind)).toEqual(kinds);
  });

  const many = (n: number, domain: string) => Array.from({ length: n }, (_, at) => `p${at}@${domain}`);
  it.each([
    ['of 21', { open: many(21, 'club.org') }, ['crowd']],
    ['of 20', { open: many(20, 'club.org') }, []],
    ['hidden from one another', { bcc: many(50, 'club.org') }, []],
    ['that was there', { open: many(50, 'club.org'), given: many(50, 'club.org'), isAnswer: true }, []],
    ['of colleagues', { open: many(50, 'acme-works.example') }, []],
    ['of strangers at one provider', { own: ['me@gmail.com'], open: many(21, 'gmail.com') }, ['crowd']],
  ])('a crowd %s', (_, question, kinds) => {
    expect(ask(question).map((one) => one.kind)).toEqual(kinds);
  });

  it('takes no time with all the people one may know', () => {
    const known = many(500, 'x').map((_, at) => ({
      email: `someone.${at}@house-${at}.example`,
      trusted: true,
    }));
    const open = many(200, 'hous-7.example');
    const begun = performance.now();
    ask({ known, open });
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
