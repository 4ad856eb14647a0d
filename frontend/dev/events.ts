import type { components } from '../src/api/schema.d.ts';
import type { Mail } from './world.ts';

type Event = Omit<components['schemas']['Invitation'], 'reply'>;
type Message = components['schemas']['Message'];

const me = 'anna@demo.valija.test';
const person = (name: string | null, email: string, status: string, role = 'required', kind = 'individual') =>
  ({ name, email, status, role, kind }) as Event['attendees'][number];

const luis = person('Luis García', 'luis@example.org', 'accepted', 'chair');
const walk: Event = {
  method: 'request',
  uid: 'walk@example.org',
  sequence: 0,
  cancelled: false,
  updated: false,
  summary: 'Harbour walk and planning of the spring regatta',
  location: 'Harbour office, 2nd floor · https://meet.example.org/harbour',
  description: '',
  allDay: false,
  start: { local: '2030-01-07T15:30:00', instant: '2030-01-07T20:30:00Z', zone: 'America/New_York' },
  end: { local: '2030-01-07T16:15:00', instant: '2030-01-07T21:15:00Z', zone: 'America/New_York' },
  occurrence: null,
  recurrence: {
    frequency: 'weekly',
    interval: 1,
    count: null,
    until: '2030-03-31',
    days: [
      { day: 'MO', ordinal: 0 },
      { day: 'TH', ordinal: 0 },
    ],
    monthDays: [],
    months: [],
    positions: [],
    understood: true,
  },
  next: [
    { local: '2030-01-07T15:30:00', instant: '2030-01-07T20:30:00Z', zone: 'America/New_York' },
    { local: '2030-01-10T15:30:00', instant: '2030-01-10T20:30:00Z', zone: 'America/New_York' },
    { local: '2030-01-14T15:30:00', instant: '2030-01-14T20:30:00Z', zone: 'America/New_York' },
  ],
  organizer: luis,
  attendees: [
    luis,
    person('Anna Ferreira', me, 'needs-action'),
    person('Zoë Müller', 'zoe@example.org', 'tentative', 'optional'),
    person(null, 'jonas@weber.example', 'declined'),
    person('Room 4', 'room4@example.org', 'accepted', 'none', 'room'),
  ],
  attendeeTotal: 5,
  moreEvents: 0,
  me,
  replyable: true,
};

const sailing: Event = {
  ...walk,
  method: 'cancel',
  uid: 'sailing@example.org',
  cancelled: true,
  summary: 'Sailing weekend',
  location: 'Port Vell',
  allDay: true,
  start: { local: '2030-04-30', instant: null, zone: null },
  end: { local: '2030-05-01', instant: null, zone: null },
  recurrence: null,
  next: [],
  replyable: false,
};

const answer: Event = {
  ...walk,
  method: 'reply',
  uid: 'answer@example.org',
  recurrence: null,
  next: [],
  attendees: [luis],
  attendeeTotal: 1,
  replyable: false,
};

/** Some of the mails are invitations. */
export function invitationOf(mail: Mail): Event | undefined {
  if (mail.from.email === 'priya@example.net') return walk;
  if (mail.from.email === 'tomas@example.org') return sailing;
  if (mail.from.email === 'chloe@example.fr') return answer;
  return undefined;
}

/** And some are not what they seem. */
export function trustOf(mail: Mail): Pick<Message, 'authentication' | 'signs'> {
  const server = 'mx.demo.valija.test';
  switch (mail.from.email) {
    case 'no-reply@library.example':
      return {
        authentication: { server, spf: 'fail', dkim: 'fail', dmarc: 'fail' },
        signs: [
          {
            kind: 'address-in-name',
            field: 'from',
            email: 'no-reply@library.example',
            value: 'service@citybank.example',
          },
          { kind: 'reply-elsewhere', field: 'replyTo', email: 'cash@freemail.example', value: null },
        ],
      };
    case 'tickets@northwind.example':
      return {
        authentication: null,
        signs: [
          { kind: 'lookalike-domain', field: 'from', email: 'tickets@xn--nrthwind-zwb.example', value: null },
        ],
      };
    default:
      return { authentication: { server, spf: 'pass', dkim: 'pass', dmarc: 'pass' }, signs: [] };
  }
}
