import { describe, expect, it } from 'vitest';
import { forwarded, forwardSubject, quote, replyRecipients, replySubject } from './quoting.ts';

const person = (email: string) => ({ name: null, email });
const anna = person('anna@example.org');
const luis = person('luis@example.org');
const marta = person('marta@example.org');
const mail = {
  from: [luis],
  replyTo: [],
  to: [anna],
  cc: [],
  subject: 'plan',
  sentAt: '2026-11-23T14:02:05Z',
  receivedAt: '2026-11-23T14:02:11Z',
};

describe('the subject of an answer', () => {
  it('gets one Re: and never a second', () => {
    expect(replySubject('plan')).toBe('Re: plan');
    expect(replySubject('Re: RE: AW: plan')).toBe('Re: plan');
    expect(replySubject('Re[2]: plan')).toBe('Re: plan');
  });
  it('leaves words alone that only begin like a prefix', () => {
    expect(replySubject('Report')).toBe('Re: Report');
  });
  it('of a forward gets one Fwd:', () => {
    expect(forwardSubject('Fw: WG: plan')).toBe('Fwd: plan');
  });
});

describe('who gets an answer', () => {
  it('is the sender', () => {
    expect(replyRecipients(mail, ['anna@example.org'], false)).toEqual({ to: [luis], cc: [] });
  });
  it('is whom the sender named for it', () => {
    expect(replyRecipients({ ...mail, replyTo: [marta] }, ['anna@example.org'], false).to).toEqual([marta]);
  });
  it('is everybody but oneself, whatever the case of the address', () => {
    const all = { ...mail, to: [person('Anna@Example.org'), marta], cc: [luis, person('jonas@example.org')] };
    expect(replyRecipients(all, ['anna@example.org'], true)).toEqual({
      to: [luis, marta],
      cc: [person('jonas@example.org')],
    });
  });
  it('of one’s own mail is whom it went to', () => {
    const own = { ...mail, from: [anna], to: [luis], cc: [marta] };
    expect(replyRecipients(own, ['anna@example.org'], false)).toEqual({ to: [luis], cc: [] });
    expect(replyRecipients(own, ['anna@example.org'], true)).toEqual({ to: [luis], cc: [marta] });
  });
  it('of one’s own mail is not oneself, who got it too', () => {
    const own = { ...mail, from: [anna], to: [anna, luis], cc: [anna, marta] };
    expect(replyRecipients(own, ['anna@example.org'], true)).toEqual({ to: [luis], cc: [marta] });
    expect(replyRecipients(own, ['anna@example.org'], false)).toEqual({ to: [luis], cc: [] });
  });
  it('of a note to oneself is oneself', () => {
    expect(replyRecipients({ ...mail, from: [anna], to: [anna] }, ['anna@example.org'], false).to).toEqual([
      anna,
    ]);
  });
});

describe('the original below', () => {
  it('names its author as text', () => {
    const html = quote({ ...mail, from: [{ name: '<b>Luis</b>', email: 'luis@example.org' }] }, '<p>Hi</p>');
    expect(html).toContain('&lt;b&gt;Luis&lt;/b&gt; wrote:');
    expect(html).toContain('<blockquote><p>Hi</p></blockquote>');
  });
  it('of a forward says what it was', () => {
    expect(forwarded(mail, '<p>Hi</p>')).toMatch(
      /From: luis@example\.org<br>.*Subject: plan<br>To: anna@example\.org/,
    );
  });
});
