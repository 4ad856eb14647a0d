import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import BellRing from '@lucide/svelte/icons/bell-ring';
import BookUser from '@lucide/svelte/icons/book-user';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import FolderInput from '@lucide/svelte/icons/folder-input';
import Forward from '@lucide/svelte/icons/forward';
import Inbox from '@lucide/svelte/icons/inbox';
import Mail from '@lucide/svelte/icons/mail';
import MailOpen from '@lucide/svelte/icons/mail-open';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Reply from '@lucide/svelte/icons/reply';
import ReplyAll from '@lucide/svelte/icons/reply-all';
import Send from '@lucide/svelte/icons/send';
import SquarePen from '@lucide/svelte/icons/square-pen';
import Star from '@lucide/svelte/icons/star';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { t } from '../lib/words.ts';
import type { MenuItem } from '../ui/Menu.svelte';
import { toasts } from '../ui/toasts.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import type { Need } from './offers.ts';

/** Something that can be done: one entry for the menus, the palette, the shortcut and the help. */
export interface Command {
  id: string;
  label: string;
  /** As `KeyboardEvent.key` has it; two keys are pressed one after the other. */
  keys: string[];
  icon?: MenuItem['icon'];
  group: 'go' | 'list' | 'message' | 'app';
  /** Whether it may be done to what it would be done to: not everything shared is one's own. */
  offered(): boolean;
  run(): void;
}

export interface Places {
  focusSearch(): void;
}

export function commandsOf(desk: Desk, places: Places): Command[] {
  const command = (
    group: Command['group'],
    id: string,
    label: string,
    keys: string[],
    run: () => unknown,
    icon?: MenuItem['icon'],
    need?: Need,
  ): Command => ({
    group,
    id,
    label,
    keys,
    offered: () => need === undefined || desk.may(need),
    run: () => {
      // The bare key is pressed wherever one is.
      if (need === undefined || desk.may(need)) void run();
      else toasts.show({ text: t('share.notAllowed'), seconds: 4 });
    },
    ...(icon ? { icon } : {}),
  });
  return [
    command('app', 'compose', t('compose'), ['c'], () => desk.compose(), SquarePen),
    command('app', 'search', t('search'), ['/'], () => places.focusSearch()),
    command('app', 'undo', t('undo'), ['z'], () => toasts.undo()),
    command('app', 'palette', t('palette'), ['Ctrl+k'], () => (desk.panel = 'palette')),
    command('app', 'help', t('help'), ['?'], () => (desk.panel = 'help')),
    command('app', 'contacts', t('contacts'), ['g c'], () => (desk.panel = 'contacts'), BookUser),
    command('app', 'outbox', t('outbox'), [], () => (desk.panel = 'outbox'), CalendarClock),
    command('app', 'settings', t('settings'), [','], () => (desk.panel = 'settings')),
    command('list', 'next', t('do.next'), ['j'], () => desk.step(1)),
    command('list', 'previous', t('do.previous'), ['k'], () => desk.step(-1)),
    command('list', 'open', t('do.open'), ['o', 'Enter'], () => desk.openCursor()),
    command('list', 'back', t('do.back'), ['u'], () => desk.closeMessage()),
    command('list', 'pick', t('do.pick'), ['x'], () => desk.view?.toggle(desk.view.cursor)),
    command('list', 'pickAll', t('list.pickAll'), ['* a'], () => desk.view?.pickLoaded()),
    command('list', 'unpick', t('list.unpick'), ['* n'], () => desk.view?.clear()),
    command('message', 'reply', t('do.reply'), ['r'], () => desk.answer('reply'), Reply),
    command('message', 'replyAll', t('do.replyAll'), ['a'], () => desk.answer('replyAll'), ReplyAll),
    command('message', 'forward', t('do.forward'), ['f'], () => desk.answer('forward'), Forward),
    command('message', 'redirect', t('do.redirect'), [], () => desk.redirect(), Send),
    command('message', 'asNew', t('do.asNew'), [], () => desk.answer('asNew'), CopyPlus),
    command(
      'message',
      'archive',
      t('do.archive'),
      ['e'],
      () => desk.moveToRole('archive'),
      Archive,
      'archive',
    ),
    command('message', 'delete', t('do.delete'), ['#', 'Delete'], () => desk.remove(), Trash2, 'delete'),
    command('message', 'junk', t('do.junk'), ['!'], () => desk.moveToRole('junk'), OctagonAlert, 'junk'),
    command('message', 'move', t('do.move'), ['v'], () => desk.chooseFolder(), FolderInput, 'file'),
    command('message', 'snooze', t('do.snooze'), ['b'], () => desk.snooze(), AlarmClock, 'own'),
    command('message', 'remind', t('do.remind'), [], () => desk.remind(), BellRing, 'own'),
    command('message', 'flag', t('do.flag'), ['s'], () => desk.toggle('$flagged'), Star, 'mark'),
    command('message', 'seen', t('do.seen'), ['Shift+i'], () => desk.mark('$seen', true), MailOpen, 'mark'),
    command('message', 'unseen', t('do.unseen'), ['Shift+u'], () => desk.mark('$seen', false), Mail, 'mark'),
    command('message', 'keep', t('do.keep'), ['p'], () => desk.mark('$pinned', true), Pin, 'own'),
    command('message', 'letGo', t('do.letGo'), ['Shift+p'], () => desk.mark('$pinned', false), PinOff, 'own'),
    command('message', 'putBack', t('do.putBack'), [], () => desk.putBack(), ArchiveRestore, 'own'),
    command('go', 'inbox', t('role.inbox'), ['g i'], () => desk.goToRole('inbox'), Inbox),
    command('go', 'sent', t('role.sent'), ['g s'], () => desk.goToRole('sent')),
    command('go', 'drafts', t('role.drafts'), ['g d'], () => desk.goToRole('drafts')),
    command('go', 'archived', t('role.archive'), ['g a'], () => desk.goToRole('archive')),
    command('go', 'trash', t('role.trash'), ['g t'], () => desk.goToRole('trash')),
  ];
}

/** Commands as entries of a menu or bar, in the order asked for. */
export function itemsOf(commands: Command[], ids: string[]): MenuItem[] {
  return ids.flatMap((id) => {
    const found = commands.find((command) => command.id === id);
    if (!found?.offered()) return [];
    return [
      {
        label: found.label,
        shortcut: found.keys[0],
        run: found.run,
        ...(found.icon ? { icon: found.icon } : {}),
      },
    ];
  });
}
