import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist';
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?worker&url';
import { workerScript } from '../../lib/trusted.ts';
import { largestPdf } from './attachments.ts';

/** The pages after so many are left to programs that are made for it. */
export const mostPages = 200;
/** A page as large as a wall is drawn smaller. */
const mostPixels = 16_000_000;

let worker: Worker | undefined;

/** One for all documents: it is what parses them, apart from the page and with nothing of it in reach. */
function startWorker(): Worker {
  return new Worker(workerScript(workerAddress), { type: 'module' });
}

/** Opens a PDF. Nothing of it is run and nothing is fetched for it: it is drawn. */
export async function openPdf(address: string, signal: AbortSignal): Promise<PDFDocumentProxy> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const data = await answer.arrayBuffer();
  if (data.byteLength > largestPdf) throw new Error('too large');
  worker ??= startWorker();
  GlobalWorkerOptions.workerPort = worker;
  return getDocument({
    data,
    enableXfa: false,
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    wasmUrl: new URL('/assets/pdf/', location.href).href,
    maxImageSize: 40_000_000,
    verbosity: 0,
  }).promise;
}

/** Draws a page, so many CSS pixels wide. */
export async function drawPage(
  pdf: PDFDocumentProxy,
  number: number,
  canvas: HTMLCanvasElement,
  width: number,
): Promise<string> {
  const page = await pdf.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const wanted = (width / natural.width) * Math.min(devicePixelRatio, 3);
  const most = Math.sqrt(mostPixels / Math.max(1, natural.width * natural.height));
  const viewport = page.getViewport({ scale: Math.min(wanted, most) });
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  await page.render({ canvas, viewport, annotationMode: 0 }).promise;
  const { items } = await page.getTextContent();
  return items
    .map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
    .join(' ')
    .slice(0, 20_000);
}
