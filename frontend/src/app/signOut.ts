import { client, must } from '../api/client.ts';
import { dropKept } from '../api/kept.ts';
import { forgetLists } from '../api/lists.ts';
import { queryClient } from '../api/queries.ts';
import { sentence } from '../api/sentences.ts';
import { dropAllDrafts } from '../features/compose/drafts.ts';
import { saveDrafts } from '../features/compose/elsewhere.ts';
import { toasts } from '../ui/toasts.svelte.ts';

/** Ends the session. Nothing of the mail stays on this device, in memory, nor on the screen. */
export async function signOut(): Promise<void> {
  await saveDrafts();
  try {
    await must(client.DELETE('/session'));
  } catch (error) {
    toasts.problem(sentence(error));
    return;
  }
  await dropAllDrafts();
  await dropKept();
  forgetLists();
  queryClient.clear();
  location.replace('/');
}
