import { bytes } from '../../lib/bytes.ts';
import { randomKey } from '../../lib/random.ts';
import { t } from '../../lib/words.ts';
import type { Compose } from './compose.svelte.ts';
import { type Attached, newContentId } from './drafts.ts';
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
  return compose.included.reduce((sum, one) => sum + (one.upload?.state === 'failed' ? 0 : one.size), 0);
}

/** Uploads files into the mail; the answer says why where not all of them fit. */
export function attach(compose: Compose, files: File[], limits: Limits): string | undefined {
  let problem: string | undefined;
  for (const file of files) {
    const why = tooLarge(compose, file, limits);
    if (why === undefined) add(compose, file);
    else problem = why;
  }
  return problem;
}

/** Uploads a picture for the text to show; the answer is under which Content-ID, or why it does not fit. */
export function attachPicture(
  compose: Compose,
  file: File,
  limits: Limits,
): { contentId: string } | { problem: string } {
  const problem = tooLarge(compose, file, limits);
  if (problem !== undefined) return { problem };
  const contentId = newContentId();
  add(compose, file, contentId);
  return { contentId };
}

/** Takes a picture along that was cut from another mail, or copied there. */
export function borrowPicture(
  compose: Compose,
  { name, type, size, part, uploadId, upload }: Attached,
  limits: Limits,
): { contentId: string } | { problem: string } {
  // What the other mail has brought to the server may go with it.
  if (upload) return attachPicture(compose, upload.file, limits);
  const problem = tooLarge(compose, { name, size }, limits);
  if (problem !== undefined) return { problem };
  const contentId = newContentId();
  const where = part ? { part } : { uploadId };
  compose.attachments.push({ key: randomKey(), name, type, size, contentId, ...where });
  return { contentId };
}

/** Where a picture of the text is: on this device, or an address of the server. */
export function pictureOf(compose: Compose, contentId: string): Blob | string | undefined {
  const one = compose.attachments.find((other) => other.contentId === contentId);
  if (one?.upload) return one.upload.file;
  if (one?.uploadId) return `/api/v1/uploads/${encodeURIComponent(one.uploadId)}/content`;
  if (!one?.part) return undefined;
  const { messageId, partId } = one.part;
  return `/api/v1/messages/${encodeURIComponent(messageId)}/parts/${encodeURIComponent(partId)}?disposition=inline`;
}

function tooLarge(
  compose: Compose,
  file: { name: string; size: number },
  limits: Limits,
): string | undefined {
  const most = room(limits);
  if (used(compose) + file.size <= most) return undefined;
  const word = most === limits.ours ? 'compose.tooLarge' : 'compose.serverTakesLess';
  return t(word, { name: file.name, room: bytes(most) });
}

function add(compose: Compose, file: File, contentId?: string): void {
  const one: Attached = {
    key: randomKey(),
    name: file.name || t('compose.pasted'),
    type: file.type || 'application/octet-stream',
    size: file.size,
    contentId,
  };
  compose.attachments.push({ ...one, upload: uploadOf(compose, one, file) });
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
