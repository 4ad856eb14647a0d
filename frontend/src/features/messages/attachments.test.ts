import { afterEach, expect, test, vi } from 'vitest';
import { halves, longestText, readText, together } from './attachments.ts';

const mail = (name: string) => ({
  partId: '2',
  name,
  type: 'application/pdf',
  size: 10,
  disposition: 'attachment' as const,
  contentId: null,
  shownInPage: false,
});

afterEach(() => vi.unstubAllGlobals());

test('what an attachment is counts more than what the mail says', () => {
  const details = {
    partId: '2',
    name: 'invoice.pdf',
    extension: 'pdf',
    type: 'application/x-msdownload',
    preview: null,
    warnings: ['program' as const, 'other-type' as const],
  };
  expect(together([mail('invoice.pdf')], [details])[0]).toMatchObject({
    type: 'application/x-msdownload',
    warnings: ['program', 'other-type'],
  });
  expect(together([mail('invoice.pdf')], undefined)[0]).toMatchObject({ preview: null, warnings: [] });
});

test.each([
  ['invoice.pdf.exe', 'invoice.pdf', '.exe'],
  ['README', 'README', ''],
  ['.profile', '.profile', ''],
  ['Dr. Who and the very long word', 'Dr. Who and the very long word', ''],
  ['見積書.PDF', '見積書', '.PDF'],
])('the end of %s can be seen', (name, stem, end) => {
  const [one] = together([mail(name)], undefined);
  expect(one && halves(one)).toEqual({ stem, end });
});

test('a text is read in its charset, and only its beginning', async () => {
  const fetched = vi.fn(
    async (_: string, options: RequestInit) =>
      new Response(new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]), {
        status: options.headers && 'Range' in options.headers ? 206 : 200,
        headers: { 'Content-Type': 'text/plain;charset=windows-1252', 'Content-Range': 'bytes 0-4/9000000' },
      }),
  );
  vi.stubGlobal('fetch', fetched);
  const { signal } = new AbortController();
  expect(await readText('/x', 9_000_000, signal)).toEqual({ text: 'Grüße', cut: true });
  expect(fetched.mock.calls[0]?.[1].headers).toEqual({ Range: `bytes=0-${longestText - 1}` });
  await readText('/x', 5, signal);
  expect(fetched.mock.calls[1]?.[1].headers).toEqual({});
});
