import { client, type Message, must } from './client.ts';
import { presence, queryClient, session } from './queries.ts';

/** Says what the user does to a message, and hears what the others do. Nobody minds if it is not heard. */
export async function tellPresence(
  messageId: string,
  doing: 'reading' | 'replying' | 'nothing',
): Promise<void> {
  // What is not there any more is nobody's to read.
  if (doing === 'nothing' && !isThere(messageId)) return;
  try {
    const { people } = await must(
      client.PUT('/messages/{messageId}/presence', {
        params: { path: { messageId } },
        body: { doing },
        // The page may be on its way out.
        keepalive: doing === 'nothing',
      }),
    );
    queryClient.setQueryData(presence(messageId).queryKey, doing === 'nothing' ? [] : people);
  } catch {
    // It is said again, or is over.
  }
}

/** Whether the message is in what the user may still see, as far as is known here. */
function isThere(messageId: string): boolean {
  const mailboxId = queryClient.getQueryData<Message>(['message', messageId])?.mailboxId;
  const accounts = queryClient.getQueryData(session().queryKey)?.accounts ?? [];
  return accounts.some(({ id }) =>
    queryClient
      .getQueryData<{ id: string }[]>(['mailboxes', id])
      ?.some((mailbox) => mailbox.id === mailboxId),
  );
}
