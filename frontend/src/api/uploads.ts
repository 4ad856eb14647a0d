import { client, must } from './client.ts';

const VERSION = '1.0.0';
const version = { 'Tus-Resumable': VERSION } as const;

/** What is said of a file before it comes (tus 1.0.0, Creation). */
interface NewUpload {
  name: string;
  type: string;
  size: number;
  /** From where it is to be sent: its mail server may take less than we do. */
  accountId: string;
}

/** Begins one; the answer is its id. */
export async function beginUpload({ name, type, size, accountId }: NewUpload): Promise<string> {
  const metadata = Object.entries({ filename: name.slice(0, 255), filetype: type, accountId })
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',');
  const { id } = await must(
    client.POST('/uploads', {
      params: { header: { ...version, 'Upload-Length': size, 'Upload-Metadata': metadata } },
    }),
  );
  return id;
}

/** How much of it the server has. */
export async function uploadOffset(uploadId: string): Promise<number> {
  const { offset } = await must(client.GET('/uploads/{uploadId}', { params: { path: { uploadId } } }));
  return offset;
}

/** Brings a piece. Once it is answered the server has it for good. */
export async function bringPiece(
  uploadId: string,
  offset: number,
  piece: ArrayBuffer,
  signal: AbortSignal,
): Promise<void> {
  await must(
    client.PATCH('/uploads/{uploadId}', {
      params: { path: { uploadId }, header: { ...version, 'Upload-Offset': offset } },
      headers: { 'Content-Type': 'application/offset+octet-stream' },
      body: '',
      bodySerializer: () => piece,
      signal,
    }),
  );
}

/** Throws one away that nothing holds. */
export async function dropUpload(uploadId: string): Promise<void> {
  await must(client.DELETE('/uploads/{uploadId}', { params: { path: { uploadId }, header: version } }));
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
