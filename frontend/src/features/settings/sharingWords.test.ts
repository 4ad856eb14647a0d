import { describe, expect, it } from 'vitest';
import { type AccessLogEntry, ApiError, type Mailbox, type Problem } from '../../api/client.ts';
import { logSentence, shareSentence, whereOf } from './sharingWords.ts';

const mailboxes = [
  { id: '1-1', name: 'INBOX', role: 'inbox' },
  { id: '1-9', name: 'Survey 2026', role: null },
] as Mailbox[];
const entry = (more: Partial<AccessLogEntry>): AccessLogEntry => ({
  id: '1',
  at: '2026-11-27T14:02:00Z',
  who: 'ben@example.org',
  action: 'moved',
  whom: null,
  mailboxId: '1-1',
  messageId: null,
  count: 3,
  ...more,
});

describe('the log says', () => {
  it('who did what to how many, and where', () => {
    expect(logSentence(entry({}), mailboxes)).toBe('ben@example.org moved 3 messages from Inbox');
    expect(logSentence(entry({ count: 1, action: 'opened', mailboxId: '1-9' }), mailboxes)).toBe(
      'ben@example.org opened a message in Survey 2026',
    );
  });

  it('which folder it is about', () => {
    expect(logSentence(entry({ action: 'declined', count: 0 }), mailboxes)).toBe(
      'ben@example.org declined the invitation: Inbox',
    );
  });

  it('to whom it was done', () => {
    const invited = entry({ action: 'invited', whom: 'zoe@example.org', mailboxId: null, count: 0 });
    expect(logSentence(invited, mailboxes)).toBe('ben@example.org invited zoe@example.org');
  });

  it('nothing of a folder that is gone, or that there is none', () => {
    expect(logSentence(entry({ mailboxId: '1-99' }), mailboxes)).toBe('ben@example.org moved 3 messages');
    expect(logSentence(entry({ action: 'sent', count: 1, mailboxId: null }), mailboxes)).toBe(
      'ben@example.org wrote on your behalf',
    );
  });
});

it('a share is of one folder or of all', () => {
  const share = {
    id: '1',
    accountId: '1',
    address: '',
    role: 'read',
    state: 'invited',
    invitedAt: '',
  } as const;
  expect(whereOf({ ...share, mailboxId: null, mailboxName: null }, mailboxes)).toBe('All folders');
  expect(whereOf({ ...share, mailboxId: '1-1', mailboxName: 'INBOX' }, mailboxes)).toBe('Inbox');
  expect(whereOf({ ...share, mailboxId: null, mailboxName: 'Gone' }, mailboxes)).toBe('Gone');
});

describe('an invitation that was not sent', () => {
  const failed = (type: Problem['type'], pointer?: string) =>
    shareSentence(
      new ApiError(type, {
        type,
        title: '',
        status: 400,
        ...(pointer ? { errors: [{ pointer, detail: '' }] } : {}),
      } as Problem),
    );

  it('is told why', () => {
    expect(failed('/problems/already-exists')).toBe('This address is invited to the same already.');
    expect(failed('/problems/invalid-request', '/address')).toBe('This is an address of your own.');
  });
});
