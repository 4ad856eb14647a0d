import { bytes } from '../../lib/bytes.ts';
import { randomKey } from '../../lib/random.ts';
import { t } from '../../lib/words.ts';
import type { Compose } from './compose.svelte.ts';
import type { Attached } from './drafts.ts';
import { keptFile } from './keptFiles.ts';
import { Upload } from './upload.svelte.ts';

/** Left for the text and the heads of a mail. */
const RESERVE = 200_000;

/** How large the files of a mail may be together. */
interface Limits {
  /** What the operator allows, in octets of files. */
  ours: number;
  /** What the mail server takes, in octets of a whole message, if it is known. */
  server: number | null | undefined;
}

/** How much of files fits into a mail: in it they take a third more, and a line end after each 76 characters. */
export function room({ ours, server }: Limits): number {
  return server ? Math.min(ours, Math.floor((Math.max(0, server - RESERVE) * 3 * 76) / (4 * 78))) : ours;
}

/** How much there is already, without what the server refuses. */
export function used(compose: Compose): number {
  return compose.attachments.reduce((sum, one) => sum + (one.upload?.state === 'failed' ? 0 : one.size), 0);
}

/** Uploads files into the mail; the answer says why where not all of them fit. */
export function attach(compose: Compose, files: File[], limits: Limits): string | undefined {
  let problem: string | undefined;
  for (const file of files) {
    const most = room(limits);
    if (used(compose) + file.size > most) {
      const word = most === limits.ours ? 'compose.tooLarge' : 'compose.serverTakesLess';
      problem = t(word, { name: file.name, room: bytes(most) });
      continue;
    }
    const one: Attached = {
      key: randomKey(),
      name: file.name || t('compose.pasted'),
      type: file.type || 'application/octet-stream',
      size: file.size,
    };
    compose.attachments.push({ ...one, upload: uploadOf(compose, one, file) });
  }
  return problem;
}

/** Goes on with the files of a mail that an earlier page had not brought to the server; what is not here any more is told. */
export async function goOn(compose: Compose): Promise<void> {
  for (const { key } of compose.unfinished) {
    const file = await keptFile(key);
    const one = compose.attachments.find((other) => other.key === key);
    if (!one) continue;
    if (file) one.upload = uploadOf(compose, one, file);
    else {
      compose.attachments = compose.attachments.filter((other) => other.key !== key);
      compose.lostFiles.push(one.name);
    }
  }
}

/** Takes a file out. What a draft may still need goes with that draft. */
export function detach(compose: Compose, one: Attached): void {
  compose.attachments = compose.attachments.filter((other) => other.key !== one.key);
  one.upload?.cancel();
}

function uploadOf(compose: Compose, { key, begun }: Attached, file: File): Upload {
  const there = () => compose.attachments.find((other) => other.key === key);
  return new Upload(
    file,
    {
      key,
      accountId: () => compose.accountId,
      onbegun: () => compose.keep(),
      ondone: (uploadId) => {
        const one = there();
        if (one) one.uploadId = uploadId;
        compose.keep();
      },
    },
    begun,
  );
}
