import { t } from '../lib/words.ts';
import type { Mailbox } from './client.ts';

/** How a folder is called on the screen: those with a role in the reader's language, the others as they are. */
export function folderName({ role, name }: Mailbox): string {
  return role === null ? name : t(`role.${role}`);
}
