import { bytes } from '../../lib/bytes.ts';
import { randomKey } from '../../lib/random.ts';
import { t } from '../../lib/words.ts';
import type { Compose } from './compose.svelte.ts';

/** Left for the text and the heads of a mail. */
const RESERVE = 200_000;

/** How much of files fits into a request; in it they take a third more. */
export function room(maxRequestBytes: number): number {
  return Math.max(0, Math.floor(((maxRequestBytes - RESERVE) * 3) / 4));
}

/** Reads files into the mail; the answer says why where not all of them fit. */
export async function attach(
  compose: Compose,
  files: File[],
  maxRequestBytes: number,
): Promise<string | undefined> {
  let left =
    room(maxRequestBytes) - compose.attachments.reduce((sum, one) => sum + (one.part ? 0 : one.size), 0);
  let problem: string | undefined;
  for (const file of files) {
    if (file.size > left) {
      problem = t('compose.tooLarge', { name: file.name, room: bytes(room(maxRequestBytes)) });
      continue;
    }
    left -= file.size;
    const key = randomKey();
    compose.attachments.push({
      key,
      name: file.name || t('compose.pasted'),
      type: file.type || 'application/octet-stream',
      size: file.size,
    });
    try {
      const content = await base64(file);
      const kept = compose.attachments.find((one) => one.key === key);
      if (kept) kept.content = content;
    } catch {
      compose.attachments = compose.attachments.filter((one) => one.key !== key);
      problem = t('compose.unreadable', { name: file.name });
    }
  }
  return problem;
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
