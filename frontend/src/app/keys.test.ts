import { expect, it, vi } from 'vitest';
import { keyHandler } from './keys.ts';

const press = (key: string, more: Partial<KeyboardEventInit> = {}) =>
  new KeyboardEvent('keydown', { key, ...more });
const command = (keys: string[]) => ({
  id: keys[0] ?? '',
  label: '',
  keys,
  group: 'app' as const,
  offered: () => true,
  run: vi.fn(),
});

it('runs the command of a key, and of two keys in a row', () => {
  const [archive, inbox, unread] = [command(['e']), command(['g i']), command(['Shift+u'])];
  const handle = keyHandler(
    () => [archive, inbox, unread],
    () => true,
  );
  handle(press('e'));
  handle(press('g'));
  handle(press('i'));
  handle(press('U', { shiftKey: true }));
  expect(archive.run).toHaveBeenCalledOnce();
  expect(inbox.run).toHaveBeenCalledOnce();
  expect(unread.run).toHaveBeenCalledOnce();
});

it('leaves those alone who type, and who switched shortcuts off', () => {
  const archive = command(['e']);
  const palette = command(['Ctrl+k']);
  const input = document.body.appendChild(document.createElement('input'));
  const typing = keyHandler(
    () => [archive],
    () => true,
  );
  input.addEventListener('keydown', typing);
  input.dispatchEvent(press('e'));
  const off = keyHandler(
    () => [archive, palette],
    () => false,
  );
  off(press('e'));
  off(press('k', { ctrlKey: true }));
  expect(archive.run).not.toHaveBeenCalled();
  expect(palette.run).toHaveBeenCalledOnce();
});
