import { describe, expect, it } from 'vitest';
import type { EventPerson, Invitation } from '../../api/client.ts';
import { leadText, turnoutText } from './inviteWords.ts';

const person = (status: EventPerson['status'], kind: EventPerson['kind'] = 'individual'): EventPerson => ({
  name: 'Luis',
  email: 'luis@example.org',
  status,
  role: 'required',
  kind,
});
const lead = (parts: Partial<Invitation>) =>
  leadText({
    method: 'request',
    cancelled: false,
    updated: false,
    organizer: person('accepted'),
    attendees: [person('needs-action')],
    ...parts,
  });

describe('the head of an invitation', () => {
  it('says who invites, unless there is news of the event', () => {
    expect(lead({})).toBe('Invitation from Luis <luis@example.org>');
    expect(lead({ organizer: null })).toBe('Invitation from (no sender)');
    expect(lead({ updated: true })).toBe('This event was changed');
    expect(lead({ updated: true, cancelled: true })).toBe('This event was cancelled');
  });

  it.each([
    ['accepted', 'Luis <luis@example.org> comes'],
    ['tentative', 'Luis <luis@example.org> may come'],
    ['declined', 'Luis <luis@example.org> does not come'],
    ['delegated', 'Luis <luis@example.org> answered your invitation'],
  ] as const)('says what somebody answered: %s', (status, text) => {
    expect(lead({ method: 'reply', attendees: [person(status)] })).toBe(text);
  });

  it('says who would rather have another time', () => {
    expect(lead({ method: 'counter' })).toBe('Luis <luis@example.org> proposes another time');
    expect(lead({ method: 'counter', attendees: [] })).toBe('(no sender) proposes another time');
    expect(lead({ method: 'declinecounter' })).toBe('The other time you proposed was declined');
  });

  it('says nothing where the file does not, but that the event was cancelled', () => {
    expect(lead({ method: 'publish' })).toBe('');
    expect(lead({ method: 'none', cancelled: true })).toBe('This event was cancelled');
    expect(lead({ method: 'cancel', cancelled: true })).toBe('This event was cancelled');
  });
});

describe('the turnout', () => {
  it('counts people and groups by their answers', () => {
    const all = [
      person('accepted'),
      person('accepted', 'group'),
      person('accepted', 'room'),
      person('tentative'),
      person('needs-action'),
    ];
    expect(turnoutText(all)).toBe('2 come, 1 may come');
    expect(turnoutText([person('declined')])).toBe('1 does not');
    expect(turnoutText([person('needs-action')])).toBe('');
  });
});
