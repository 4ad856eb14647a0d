import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import Archive from '@lucide/svelte/icons/archive';
import FilePen from '@lucide/svelte/icons/file-pen';
import Folder from '@lucide/svelte/icons/folder';
import Inbox from '@lucide/svelte/icons/inbox';
import Mails from '@lucide/svelte/icons/mails';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import Send from '@lucide/svelte/icons/send';
import Star from '@lucide/svelte/icons/star';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Mailbox } from '../../api/client.ts';

const icons = {
  inbox: Inbox,
  drafts: FilePen,
  sent: Send,
  archive: Archive,
  junk: OctagonAlert,
  trash: Trash2,
  all: Mails,
  flagged: Star,
  snoozed: AlarmClock,
};

export function iconOf({ role }: Mailbox) {
  return role === null ? Folder : icons[role];
}
