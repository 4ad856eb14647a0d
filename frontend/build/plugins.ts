import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** JPEG 2000 without WebAssembly, which our policy does not let run. pdf.js asks for it by this name. */
export function pdfDecoders(): Plugin {
  const name = 'openjpeg_nowasm_fallback.js';
  return {
    name: 'pdf-decoders',
    apply: 'build',
    async buildStart() {
      const source = await readFile(new URL(`../node_modules/pdfjs-dist/wasm/${name}`, import.meta.url));
      this.emitFile({ type: 'asset', fileName: `assets/pdf/${name}`, source });
    },
  };
}

/** What the page needs beside its own files, of those in `public`. */
const PUBLIC = ['/favicon.svg', '/favicon-unread.svg', '/manifest.json'];

const ASSET = /^assets\/.*\.(?:js|css)$/;

/** Tells the worker which files the webmail consists of. PDF, which takes more than all of the rest, needs its network. */
export function filesForWorker(): Plugin {
  return {
    name: 'files-for-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const worker = bundle['worker.js'];
      if (worker?.type !== 'chunk') throw new Error('there is no worker');
      const built = Object.keys(bundle).filter((name) => ASSET.test(name) && !/pdf/i.test(name));
      const files = [...built.sort().map((name) => `/${name}`), ...PUBLIC];
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
      worker.code = `const FILES=${JSON.stringify(files)},VERSION=${JSON.stringify(version)};${worker.code}`;
    },
  };
}

/** Octets of JavaScript that may pass until mail can be read: sign-in, list and reading, in Brotli. */
const FIRST_LOAD = 120_000;
/** What is asked for later than the page itself, but before anything is read. */
const SOON = /\/src\/(?:lib\/words\/en|features\/messages\/frame)\.ts$/;

/**
 * Puts beside each file what is sent in its place to browsers that take it (see `WebmailFiles`), and fails the build where
 * more passes than may until mail can be read. Before it is written, others still change what imports on demand.
 */
export function sentSmall(): Plugin {
  return {
    name: 'sent-small',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const sizes = new Map<string, number>();
      for (const name of Object.keys(bundle).filter((one) => ASSET.test(one))) {
        const path = join(dir, name);
        const source = await readFile(path);
        const brotli = brotliCompressSync(source);
        sizes.set(name, brotli.length);
        await writeFile(`${path}.br`, brotli);
        await writeFile(`${path}.gz`, gzipSync(source, { level: 9 }));
      }
      const needed = neededForReading(bundle);
      const octets = needed.reduce((all, name) => all + (sizes.get(name) ?? 0), 0);
      const told = `${octets.toLocaleString('en')} of ${FIRST_LOAD.toLocaleString('en')} octets until mail can be read`;
      if (octets > FIRST_LOAD || needed.length < 4) this.error(told);
      console.log(told);
    },
  };
}

type Bundle = Parameters<Extract<NonNullable<Plugin['writeBundle']>, (...them: never[]) => unknown>>[1];

/** The scripts of the page, those it needs soon, and what all of them import. */
function neededForReading(bundle: Bundle): string[] {
  const needed = new Set<string>();
  const need = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || needed.has(name)) return;
    needed.add(name);
    chunk.imports.forEach(need);
  };
  for (const chunk of Object.values(bundle))
    if (chunk.type === 'chunk' && (chunk.name === 'index' || SOON.test(chunk.facadeModuleId ?? '')))
      need(chunk.fileName);
  return [...needed];
}
