import { File as NodeFile } from 'node:buffer';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { altOf, fitted, isPicture, pictureIn, pictureType, sizeOf } from './pictures.ts';

const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const PNG = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR';
const file = (text: string, type: string, name = 'x.png') =>
  new NodeFile([octets(text)], name, { type }) as unknown as File;

afterEach(() => vi.unstubAllGlobals());

describe('pictures', () => {
  it.each([
    [PNG, 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['GIF87a\x01\0', 'image/gif'],
    ['GIF89a\x01\0', 'image/gif'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['RIFF\x24\0\0\0WAVEfmt ', undefined],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', undefined],
    ['%PDF-1.4', undefined],
    ['', undefined],
  ])('are known by their octets: %j', (text, type) => {
    expect(pictureType(octets(text))).toBe(type);
  });

  it('are what they say and say what they are', async () => {
    expect(await isPicture(file(PNG, 'image/png'))).toBe(true);
    expect(await isPicture(file(PNG, 'image/jpeg'))).toBe(false);
    expect(await isPicture(file(PNG, 'text/html'))).toBe(false);
    expect(await isPicture(file('<svg/>', 'image/svg+xml'))).toBe(false);
    expect(await isPicture(file('<html>', 'image/png'))).toBe(false);
  });

  it('are had from data addresses, whatever these call them', async () => {
    const found = pictureIn(`data:image/jpeg;base64,${btoa(PNG)}`);
    expect(found?.type).toBe('image/png');
    expect(found?.size).toBe(PNG.length);
    expect(pictureIn('data:image/svg+xml;base64,PHN2Zy8+')).toBeUndefined();
    expect(pictureIn('data:image/png;base64,PHN2Zy8+')).toBeUndefined();
    expect(pictureIn('data:image/png;base64,%%%')).toBeUndefined();
    expect(pictureIn('data:image/png,abc')).toBeUndefined();
    expect(pictureIn('https://example.org/x.png')).toBeUndefined();
  });

  it('are shown no wider than a mail is read', () => {
    expect(fitted(300, 200)).toEqual({ width: 300, height: 200 });
    expect(fitted(2560, 1440)).toEqual({ width: 640, height: 360 });
    expect(fitted(6400, 1)).toEqual({ width: 640, height: 1 });
  });

  it('are as large as they are drawn, and leave nothing drawn behind', async () => {
    const close = vi.fn();
    vi.stubGlobal('createImageBitmap', async () => ({ width: 1280, height: 800, close }));
    expect(await sizeOf(file(PNG, 'image/png'))).toEqual({ width: 640, height: 400 });
    expect(close).toHaveBeenCalledOnce();
  });

  it('are none where they cannot be drawn or read', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('broken')));
    expect(await sizeOf(file(PNG, 'image/png'))).toBeUndefined();
    expect(await sizeOf(file('%PDF-1.4', 'application/pdf'))).toBeUndefined();
    const gone = {
      type: 'image/png',
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    };
    expect(await sizeOf(gone as unknown as File)).toBeUndefined();
  });

  it('are called as their file, unless that says nothing', () => {
    expect(altOf(file('', '', 'Harbour at dawn.jpeg'))).toBe('Harbour at dawn');
    for (const name of ['image.png', 'IMG_2044.jpg', 'DSC-0012.JPG', 'clipboard.png', ''])
      expect(altOf(file('', '', name))).toBe('');
  });
});
