import { describe, expect, it, vi } from 'vitest';
import type { MessageSummary } from './client.ts';
import { type Page, SparseList } from './list.svelte.ts';

const message = (id: string, more: Partial<MessageSummary> = {}): MessageSummary => ({
  id,
  mailboxId: 'inbox',
  threadId: id,
  from: [],
  to: [],
  subject: id,
  preview: null,
  receivedAt: '2026-11-23T14:02:11Z',
  sentAt: null,
  size: 1,
  keywords: [],
  hasAttachment: false,
  ...more,
});

/** A mailbox on a server, of which pages can be asked. */
function server(size: number) {
  let all = Array.from({ length: size }, (_, index) => message(`m${index}`));
  const asked: number[] = [];
  return {
    asked,
    load: async (offset: number, limit: number): Promise<Page> => {
      asked.push(offset);
      return { items: all.slice(offset, offset + limit), total: all.length };
    },
    arrive: (...ids: string[]) => {
      all = [...ids.map((id) => message(id)), ...all];
    },
    lose: (...ids: string[]) => {
      all = all.filter((one) => !ids.includes(one.id));
    },
  };
}

async function opened(size: number) {
  const mailbox = server(size);
  const list = new SparseList(mailbox.load);
  list.look({ start: 0, end: 20 });
  await vi.waitFor(() => expect(list.loaded).toBe(true));
  return { mailbox, list };
}

describe('a list of which only what is seen is fetched', () => {
  it('knows its length from the first page', async () => {
    const { list, mailbox } = await opened(100_000);
    expect(list.total).toBe(100_000);
    expect(mailbox.asked).toEqual([0]);
  });
  it('jumps anywhere with one request', async () => {
    const { list, mailbox } = await opened(100_000);
    list.look({ start: 50_010, end: 50_030 });
    await vi.waitFor(() => expect(list.at(50_020)?.id).toBe('m50020'));
    expect(mailbox.asked).toEqual([0, 50_000]);
    expect(list.at(200)).toBeUndefined();
  });
  it('takes messages out at once and puts them back where they were', async () => {
    const { list } = await opened(300);
    const back = list.remove(new Set(['m1', 'm3']));
    expect([list.at(0)?.id, list.at(1)?.id, list.at(2)?.id]).toEqual(['m0', 'm2', 'm4']);
    expect(list.total).toBe(298);
    back();
    expect([list.at(1)?.id, list.at(3)?.id]).toEqual(['m1', 'm3']);
    expect(list.total).toBe(300);
  });
  it('does not show what was taken out when a page comes that still has it', async () => {
    const { list, mailbox } = await opened(300);
    list.remove(new Set(['m1']));
    list.invalidate();
    await vi.waitFor(() => expect(mailbox.asked.length).toBeGreaterThan(1));
    await vi.waitFor(() => expect(list.at(1)?.id).toBe('m2'));
    expect(list.indexOf('m1')).toBe(-1);
    mailbox.lose('m1');
    list.settle(['m1']);
    await vi.waitFor(() => expect(list.total).toBe(299));
  });
  it('changes rows in place and back', async () => {
    const { list } = await opened(10);
    const back = list.patch(new Set(['m2']), (one) => ({ ...one, keywords: ['$seen'] }));
    expect(list.at(2)?.keywords).toEqual(['$seen']);
    back();
    expect(list.at(2)?.keywords).toEqual([]);
  });
  it('counts what came in at the top and moves the rest down', async () => {
    const { list, mailbox } = await opened(300);
    mailbox.arrive('n1', 'n2');
    await list.checkTop();
    expect(list.arrived).toBe(2);
    expect([list.at(0)?.id, list.at(2)?.id, list.total]).toEqual(['n1', 'm0', 302]);
  });
  it('does not count a message twice that was announced twice', async () => {
    const { list, mailbox } = await opened(300);
    mailbox.arrive('n1');
    await Promise.all([list.checkTop(), list.checkTop()]);
    expect([list.arrived, list.total, list.at(1)?.id]).toEqual([1, 301, 'm0']);
  });
  it('says what went wrong and recovers', async () => {
    const mailbox = server(5);
    const load = vi.fn(mailbox.load).mockRejectedValueOnce(new Error('no'));
    const list = new SparseList(load);
    list.look({ start: 0, end: 5 });
    await vi.waitFor(() => expect(list.error).toBeDefined());
    list.invalidate();
    await vi.waitFor(() => expect(list.loaded).toBe(true));
    expect(list.error).toBeUndefined();
  });
  it('takes search hits in by date, each once', () => {
    const list = new SparseList(async () => ({ items: [], total: 0 }));
    for (const [id, day] of [
      ['a', '21'],
      ['b', '23'],
      ['c', '22'],
      ['a', '21'],
    ] as const)
      list.insert(message(id, { receivedAt: `2026-11-${day}T00:00:00Z` }));
    expect(list.ids(0, 5)).toEqual(['b', 'c', 'a']);
  });
});
