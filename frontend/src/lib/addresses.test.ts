import { describe, expect, it } from 'vitest';
import { formatAddress, initials, isAddress, parseAddresses } from './addresses.ts';

describe('typed and pasted addresses', () => {
  it('are parted at commas, semicolons and line breaks', () => {
    expect(parseAddresses('a@x.org, b@y.org; c@z.org\nd@w.org').map((one) => one.email)).toEqual([
      'a@x.org',
      'b@y.org',
      'c@z.org',
      'd@w.org',
    ]);
  });
  it('keep their names, and commas within quotes', () => {
    expect(parseAddresses('"García, Luis" <luis@example.org>, Anna Maria <anna@example.org>')).toEqual([
      { name: 'García, Luis', email: 'luis@example.org' },
      { name: 'Anna Maria', email: 'anna@example.org' },
    ]);
  });
  it('understand escaped quotes', () => {
    expect(parseAddresses('"Jo \\"Bo\\" Li" <jo@example.org>')[0]?.name).toBe('Jo "Bo" Li');
  });
  it('may be parted by mere spaces where each is an address', () => {
    expect(parseAddresses('a@x.org b@y.org')).toHaveLength(2);
    expect(parseAddresses('not an address')).toEqual([{ name: null, email: 'not an address' }]);
  });
  it('come back as they were written', () => {
    const text = '"García, Luis" <luis@example.org>';
    expect(parseAddresses(text).map(formatAddress)).toEqual([text]);
  });
  it('are nothing where nothing was typed', () => {
    expect(parseAddresses(' , ;\n')).toEqual([]);
  });
});

describe('what may be an address', () => {
  it.each([
    'anna@example.org',
    'a.b+c@sub.example.org',
    'ü@example.org',
    'x@exämple.org',
    'root@localhost',
    '"a b"@example.org',
  ])('takes %s', (email) => expect(isAddress(email)).toBe(true));
  it.each([
    '',
    'anna',
    '@example.org',
    'anna@',
    'a b@example.org',
    'a@b..org',
    '.a@example.org',
    'a@-x.org',
    'a@x@y org',
  ])('refuses “%s”', (email) => expect(isAddress(email)).toBe(false));
});

it('initials come from the name, else from the address', () => {
  expect(initials({ name: 'Luis García', email: 'x@example.org' })).toBe('LG');
  expect(initials({ name: null, email: 'backup@example.org' })).toBe('B');
  expect(initials({ name: '🚀 Launch', email: 'x@example.org' })).toBe('L');
});
