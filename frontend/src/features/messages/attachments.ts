import type { Attachment, AttachmentDetails } from '../../api/client.ts';

/** An attachment as the interface shows it: what the mail says, and what it is once that is known. */
export interface Shown extends Attachment {
  extension: string;
  preview: AttachmentDetails['preview'];
  warnings: AttachmentDetails['warnings'];
}

/** A larger PDF is left to programs that are made for it. */
export const largestPdf = 50 * 1000 * 1000;

/** What is shown of a text. */
export const longestText = 1 << 20;

export function together(attachments: Attachment[], details: AttachmentDetails[] | undefined): Shown[] {
  const byPart = new Map(details?.map((one) => [one.partId, one]));
  return attachments.map((one) => {
    const known = byPart.get(one.partId);
    return {
      ...one,
      type: known?.type ?? one.type,
      extension: known?.extension ?? extensionOf(one.name),
      preview: known?.preview ?? null,
      warnings: known?.warnings ?? [],
    };
  });
}

/** Whether it is shown at a click; what may deceive is not. */
export const isShowable = (one: Shown) =>
  one.preview !== null && one.warnings.length === 0 && !(one.preview === 'pdf' && one.size > largestPdf);

function extensionOf(name: string): string {
  return /^.+\.([^.]{1,11})$/u.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** A name in two, so that however little room there is its end can be seen. */
export function halves(one: Shown): { stem: string; end: string } {
  const dot = one.extension === '' ? -1 : one.name.lastIndexOf('.');
  return dot < 1 ? { stem: one.name, end: '' } : { stem: one.name.slice(0, dot), end: one.name.slice(dot) };
}

const messagePath = (messageId: string) => `/api/v1/messages/${encodeURIComponent(messageId)}`;

export const downloadAddress = (messageId: string, one: Attachment) =>
  `${messagePath(messageId)}/parts/${one.partId}`;

export const previewAddress = (messageId: string, one: Attachment) =>
  `${downloadAddress(messageId, one)}?disposition=inline`;

export const zipAddress = (messageId: string) => `${messagePath(messageId)}/attachments.zip`;

/** A text and whether there is more of it, read as the server says that it is written. */
export async function readText(address: string, size: number, signal: AbortSignal) {
  // Only what is longer is asked for in part, as that is fetched and kept by the server before it answers.
  const headers: HeadersInit = size > longestText ? { Range: `bytes=0-${longestText - 1}` } : {};
  const answer = await fetch(address, { headers, signal });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const octets = new Uint8Array(await answer.arrayBuffer());
  const all = Number(answer.headers.get('Content-Range')?.split('/')[1] ?? octets.length);
  return {
    text: decoder(answer.headers.get('Content-Type')).decode(octets.subarray(0, longestText)),
    cut: Math.max(all, octets.length) > longestText,
  };
}

function decoder(type: string | null): TextDecoder {
  const charset = /charset="?([\w.:-]+)/i.exec(type ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
