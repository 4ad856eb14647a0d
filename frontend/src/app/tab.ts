import { count } from '../lib/words.ts';

/** What the browser's tab says: the place, and in words and in the icon whether something is unread. */
export function showInTab(title: string, unread: number): void {
  document.title = `${unread > 0 ? `(${count(unread)}) ` : ''}${title || 'Valija'}${title ? ' – Valija' : ''}`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const href = unread > 0 ? '/favicon-unread.svg' : '/favicon.svg';
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
}
