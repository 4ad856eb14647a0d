import type { Command } from './commands.ts';

const SEQUENCE_MS = 1_000;

/** How a key press is written in the command table. */
function nameOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const letter = /^[a-z]$/i.test(event.key);
  const key = letter ? event.key.toLowerCase() : event.key;
  const ctrl = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  return `${ctrl}${event.altKey ? 'Alt+' : ''}${letter && event.shiftKey ? 'Shift+' : ''}${key}`;
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    (target.matches('input, textarea, select') && !target.matches('[type=checkbox]'))
  );
}

/** Turns key presses into commands; `g i` is two presses within a second. */
export function keyHandler(
  commands: () => Command[],
  enabled: () => boolean,
): (event: KeyboardEvent) => void {
  let first = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (event) => {
    if (event.defaultPrevented || event.isComposing || typing(event.target)) return;
    // What has the focus acts on Enter itself.
    const target = event.target as Element | null;
    if (event.key === 'Enter' && target?.closest?.('button, a, summary')) return;
    const pressed = nameOf(event);
    if (!enabled() && !pressed.startsWith('Ctrl+')) return;
    const both = first ? `${first} ${pressed}` : '';
    first = '';
    clearTimeout(timer);
    const all = commands();
    const found =
      all.find(({ keys }) => keys.includes(both)) ?? all.find(({ keys }) => keys.includes(pressed));
    if (found) {
      event.preventDefault();
      found.run();
    } else if (all.some(({ keys }) => keys.some((key) => key.startsWith(`${pressed} `)))) {
      first = pressed;
      timer = setTimeout(() => {
        first = '';
      }, SEQUENCE_MS);
    }
  };
}
