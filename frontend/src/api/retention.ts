import { client, type Departed, must, type RetentionPreview, type RetentionRule } from './client.ts';
import { eachList } from './lists.ts';
import { departed, departures, queryClient, retention, retentionOf } from './queries.ts';

const ofMailbox = (mailboxId: string) => ({ params: { path: { mailboxId } } });

/** Which messages a rule would take; nothing changes. */
export function previewRetention(mailboxId: string, body: RetentionRule): Promise<RetentionPreview> {
  return must(client.POST('/mailboxes/{mailboxId}/retention/preview', { ...ofMailbox(mailboxId), body }));
}

export async function setRetention(mailboxId: string, body: RetentionRule): Promise<void> {
  try {
    await must(client.PUT('/mailboxes/{mailboxId}/retention', { ...ofMailbox(mailboxId), body }));
  } finally {
    await changed();
  }
}

/** From then on the operator's rule holds, or none. */
export async function clearRetention(mailboxId: string): Promise<void> {
  try {
    await must(client.DELETE('/mailboxes/{mailboxId}/retention', ofMailbox(mailboxId)));
  } finally {
    await changed();
  }
}

/** The server goes through the mailbox a little later, and tells nobody. */
const WHEN_SURVEYED_MS = [8_000, 60_000];

async function changed(): Promise<void> {
  for (const ms of WHEN_SURVEYED_MS) setTimeout(() => void refetched(), ms);
  await refetched();
}

async function refetched(): Promise<void> {
  await Promise.all(
    [retention(''), retentionOf(''), departures('')].map(({ queryKey: [what] }) =>
      queryClient.invalidateQueries({ queryKey: [what] }),
    ),
  );
}

/** Brings back what rules of an account took to Trash. The answer is how many came back, and how many did not. */
export async function returnAll(accountId: string): Promise<{ changed: number; failed: number }> {
  const ids = queryClient.getQueryData<Map<string, Departed>>(departed(accountId).queryKey)?.keys() ?? [];
  try {
    const done = await must(client.POST('/departed/return', { body: { ids: [...ids] } }));
    return { changed: done.changed, failed: done.failed.length };
  } finally {
    eachList((list, query) => {
      if (query?.accountId === accountId) list.invalidate();
    });
    for (const what of ['departed', 'departures', 'retention', 'mailboxes'])
      void queryClient.invalidateQueries({ queryKey: [what] });
  }
}
