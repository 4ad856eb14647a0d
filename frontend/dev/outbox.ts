import type { components } from '../src/api/schema.d.ts';

type Submission = components['schemas']['Submission'];

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const person = (name: string, email: string) => ({ name, email });

/** One that is on its way, unless more is said of it. */
export function submission(id: string, more: Partial<Submission> = {}): Submission {
  return {
    id,
    accountId: '1',
    state: 'held',
    subject: '',
    to: [],
    createdAt: ago(0),
    changedAt: ago(0),
    sendAt: null,
    cancellable: more.state === undefined || more.state === 'held' || more.state === 'retry',
    messageId: `${id}@valija`,
    draftId: null,
    recipients: [],
    ...more,
  };
}

/** What did not go as it should. */
export const troubled = (): Submission[] => [
  submission('t3', {
    state: 'retry',
    subject: 'Invoice for the second half of the year, with all the corrections that we spoke of',
    to: [person('Marta Oliveira', 'marta.oliveira@example.com')],
    createdAt: ago(30),
    sendAt: ago(-12),
    recipients: [{ email: 'marta.oliveira@example.com', state: 'pending', detail: '4.7.1 Greylisted' }],
  }),
  submission('t2', {
    state: 'unknown',
    subject: 'Keys to the boat house',
    to: [person('Luis García', 'luis@example.org'), person('Zoë Müller', 'zoe@example.org')],
    createdAt: ago(200),
    changedAt: ago(100),
    draftId: 'd2',
  }),
  submission('t1', {
    state: 'rejected',
    subject: 'Welcome to the crew',
    to: [person('Jonas Weber', 'jonas@weber.example')],
    createdAt: ago(2_000),
    changedAt: ago(1_990),
    draftId: 'd1',
    recipients: [{ email: 'jonas@weber.example', state: 'refused', detail: '5.1.1 User unknown' }],
  }),
];

/** The text of one of those. */
export function draftOf(id: string) {
  const of = troubled().find(({ draftId }) => draftId === id);
  return {
    id,
    revision: 1,
    content: {
      accountId: '1',
      from: { name: null, email: 'anna@demo.valija.test' },
      to: of?.to ?? [],
      subject: of?.subject ?? '',
      html: '<p>Good to have you with us!</p>',
      attachments: [],
    },
  };
}
