// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { doubtOf, guardLinks, markLinks } from './linkTrust.ts';

describe('a link', () => {
  it.each([
    ['https://bank.example/login', 'https://evil.example/login'],
    ['bank.example', 'https://evil.example/'],
    ['www.bank.example', 'http://203.0.113.7/'],
    ['HTTPS://Bank.Example', 'https://bank.example.evil.example/'],
    ['https://user@bank.example/', 'https://evil.example/'],
    ['https://bank.example@evil.example/', 'https://other.example/'],
    ['(bank.example)', 'https://evil.example'],
    [' bank\u200b.example ', 'https://evil.example'],
    ['http://203.0.113.7/a', 'https://evil.example'],
    ['bank.example/path?x=y', 'https://evil.example/bank.example'],
    ['https:/bank.example', 'https://evil.example'],
    ['münchen.example', 'https://evil.example'],
    ['blog.bank.example', 'https://bank-example.evil.example/'],
  ])('that says %s and leads to %s is doubtful', (text, href) => {
    expect(doubtOf(text, href)?.host).toBe(new URL(href).hostname);
  });

  it.each([
    ['https://bank.example/login', 'https://bank.example/login?x=1'],
    ['bank.example', 'https://www.bank.example/'],
    ['www.bank.example', 'https://click.bank.example/c/1'],
    ['login.bank.example', 'https://bank.example/'],
    ['BANK.example.', 'http://bank.example:8080/'],
    ['münchen.example', 'https://xn--mnchen-3ya.example/'],
    ['Click here', 'https://evil.example'],
    ['Please see bank.example for more', 'https://evil.example'],
    ['report.pdf', 'https://files.example/report.pdf'],
    ['anna@bank.example', 'mailto:anna@bank.example'],
    ['bank.example', 'mailto:anna@evil.example'],
    ['anna@bank.example', 'https://people.example/anna'],
    ['1.2.3', 'https://release.example'],
    ['Mr.Smith', 'javascript:alert(1)'],
    ['', 'https://evil.example'],
    ['x', 'not a url'],
    ['日本語', 'https://日本語.example/'],
    ['here', 'https://españa.example/'],
    ['here', 'https://smörgås.example/'],
    ['here', 'https://почта.example/'],
    ['here', 'https://東京タワー.example/'],
    ['here', 'https://пример.рф/'],
  ])('that says %s and leads to %s is not', (text, href) => {
    expect(doubtOf(text, href)).toBeUndefined();
  });

  it.each([
    'https://аррӏе.com/',
    'https://pаypal.com/',
    'https://ρayρal.com/',
    'https://ɡoogle.com/',
    'https://xn--80ak6aa92e.com/',
  ])('to %s is doubtful whatever it says', (href) => {
    const doubt = doubtOf('here', href);
    expect(doubt?.shown).toBe('');
    expect(doubt?.host).toMatch(/^xn--/);
  });

  it('costs nothing whatever its length', () => {
    expect(doubtOf('a.'.repeat(100_000), 'https://evil.example')).toBeUndefined();
    expect(doubtOf(`${'a-'.repeat(900)}.example`, 'https://evil.example')).toBeUndefined();
  });
});

describe('a mail with doubtful links', () => {
  const link = (id: string, href: string, text: string) =>
    Object.assign(document.createElement('a'), { id, href, textContent: text });

  beforeEach(() => {
    document.body.replaceChildren(
      link('bad', 'https://evil.example/x', 'bank.example'),
      ' ',
      link('good', 'https://a.example', 'go'),
    );
  });

  it('says where they lead', () => {
    markLinks(document.body);
    expect(document.body.textContent).toBe('bank.example (leads to evil.example) go');
  });

  it('asks before they are followed', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    let answer = false;
    const stop = guardLinks(document, async () => answer);
    const click = (id: string) => {
      const event = new MouseEvent('click', { bubbles: true, cancelable: true });
      document.getElementById(id)?.dispatchEvent(event);
      return event.defaultPrevented;
    };
    document.body.addEventListener('click', (event) => event.preventDefault());
    expect(click('bad')).toBe(true);
    await Promise.resolve();
    expect(open).not.toHaveBeenCalled();
    answer = true;
    click('bad');
    await vi.waitFor(() =>
      expect(open).toHaveBeenCalledWith('https://evil.example/x', '_blank', 'noopener,noreferrer'),
    );
    stop();
    click('bad');
    await Promise.resolve();
    expect(open).toHaveBeenCalledTimes(1);
  });
});
