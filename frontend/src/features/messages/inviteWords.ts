import type { EventPerson, Invitation } from '../../api/client.ts';
import { formatAddress } from '../../lib/addresses.ts';
import { t } from '../../lib/words.ts';

const nameOf = (person: EventPerson | null | undefined) =>
  person ? formatAddress(person) : t('message.noSender');

/** What the sender does with the event: "Invitation from …", "… comes". Empty where the file does not say. */
export function leadText(
  event: Pick<Invitation, 'method' | 'cancelled' | 'updated' | 'organizer' | 'attendees'>,
) {
  // RFC 5546 3.2.3: the one ATTENDEE of a reply is who answers.
  const who = event.attendees[0];
  const name = nameOf(who);
  switch (event.method) {
    case 'reply':
      switch (who?.status) {
        case 'accepted':
          return t('event.theyAccepted', { name });
        case 'tentative':
          return t('event.theyMay', { name });
        case 'declined':
          return t('event.theyDeclined', { name });
        default:
          return t('event.theyAnswered', { name });
      }
    case 'counter':
      return t('event.counter', { name });
    case 'declinecounter':
      return t('event.counterDeclined');
    case 'request':
      if (event.cancelled) return t('event.cancelled');
      return event.updated ? t('event.updated') : t('event.invited', { name: nameOf(event.organizer) });
    default:
      return event.cancelled ? t('event.cancelled') : '';
  }
}

/** How many come, may come and do not: "2 come, 1 may come". Rooms and devices are not counted. */
export function turnoutText(attendees: Pick<EventPerson, 'kind' | 'status'>[]): string {
  const people = attendees.filter(({ kind }) => kind === 'individual' || kind === 'group');
  const count = (status: EventPerson['status']) => people.filter((one) => one.status === status).length;
  return (
    [
      ['event.nAccepted', count('accepted')],
      ['event.nMaybe', count('tentative')],
      ['event.nDeclined', count('declined')],
    ] as const
  )
    .filter(([, n]) => n > 0)
    .map(([word, n]) => t(word, { n }))
    .join(', ');
}
