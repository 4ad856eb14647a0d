import { describe, expect, it } from 'vitest';
import { ApiError, type Collection } from '../../api/client.ts';
import { changeOf, collectionSentence, fieldsOf, intervalName, requestOf, stateOf } from './collections.ts';

const collection: Collection = {
  id: '1',
  server: { host: 'pop.example.net', port: 995, security: 'tls' },
  username: 'anna',
  mailboxId: '1-1',
  afterStoring: { action: 'delete-later', days: 14 },
  intervalMinutes: 15,
  paused: false,
  state: 'idle',
  progress: null,
  lastRun: null,
  nextRunAt: '2030-01-01T12:00:00Z',
};
const run = {
  at: '2026-01-01T10:00:00Z',
  problem: null,
  problemAt: null,
  collected: 0,
  deleted: 0,
  refused: 0,
};
const noon = Date.parse('2026-01-01T12:00:00Z');

describe('what is sent', () => {
  it('says no more of the server than was filled in', () => {
    const fields = {
      ...fieldsOf(undefined, '1-1'),
      host: ' pop.example.net ',
      username: 'anna',
      password: 'p',
    };
    expect(requestOf(fields)).toEqual({
      server: { host: 'pop.example.net', security: 'tls' },
      username: 'anna',
      password: 'p',
      mailboxId: '1-1',
      afterStoring: { action: 'delete-later', days: 14 },
      intervalMinutes: 15,
    });
    expect(requestOf({ ...fields, port: '1995', action: 'keep' })).toMatchObject({
      server: { port: 1995 },
      afterStoring: { action: 'keep' },
    });
  });

  it('leaves a login alone that is as it was', () => {
    const fields = fieldsOf(collection, '1-2');
    expect(changeOf(fields, collection)).toEqual({
      mailboxId: '1-1',
      afterStoring: { action: 'delete-later', days: 14 },
      intervalMinutes: 15,
    });
    expect(changeOf({ ...fields, port: '' }, collection)).not.toHaveProperty('server');
    expect(changeOf({ ...fields, security: 'starttls', password: 'new' }, collection)).toMatchObject({
      server: { host: 'pop.example.net', security: 'starttls' },
      password: 'new',
    });
  });
});

describe('what is told', () => {
  it('is how it goes', () => {
    expect(stateOf({ ...collection, nextRunAt: '2026-01-01T11:00:00Z' }, noon)).toBe(
      'Fetching begins in a moment.',
    );
    expect(stateOf({ ...collection, state: 'running', progress: { total: 10_000, done: 120 } }, noon)).toBe(
      'Fetched 120 of 10,000',
    );
    expect(
      stateOf({ ...collection, paused: true, nextRunAt: null, progress: { total: 9, done: 3 } }, noon),
    ).toBe('Fetched 3 of 9. Paused.');
    expect(stateOf({ ...collection, state: 'credentials-rejected', nextRunAt: null }, noon)).toContain(
      'password',
    );
    expect(stateOf({ ...collection, lastRun: run }, noon)).toMatch(/^Nothing new/);
    expect(stateOf({ ...collection, lastRun: { ...run, collected: 1, refused: 2 } }, noon)).toMatch(
      /^1 message fetched.*2 messages could not be fetched/,
    );
  });

  it('says on which side something is wrong', () => {
    const full = { ...run, problem: '/problems/over-quota', problemAt: 'target' as const };
    expect(stateOf({ ...collection, lastRun: full }, noon)).toMatch(/^The folder: Your mailbox is full/);
    const away = { ...run, problem: '/problems/upstream-unavailable', problemAt: 'source' as const };
    expect(stateOf({ ...collection, paused: true, lastRun: away }, noon)).toMatch(
      /^Paused. The POP3 server: /,
    );
  });

  it('is what can be mended', () => {
    expect(collectionSentence(new ApiError('/problems/account-credentials-rejected'))).toContain('user name');
    expect(collectionSentence(new ApiError('/problems/already-exists'))).toContain('already');
    expect(collectionSentence(new ApiError('/problems/certificate-rejected'))).toContain('certificate');
  });

  it('names intervals as people do', () => {
    expect([15, 60, 180, 1440].map(intervalName)).toEqual([
      'every 15 minutes',
      'every hour',
      'every 3 hours',
      'once a day',
    ]);
  });
});
