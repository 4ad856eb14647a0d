import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { mockApi } from './dev/mock.ts';

/** JPEG 2000 without WebAssembly, which our policy does not let run. pdf.js asks for it by this name. */
function pdfDecoders(): Plugin {
  const name = 'openjpeg_nowasm_fallback.js';
  return {
    name: 'pdf-decoders',
    apply: 'build',
    async buildStart() {
      const source = await readFile(new URL(`node_modules/pdfjs-dist/wasm/${name}`, import.meta.url));
      this.emitFile({ type: 'asset', fileName: `assets/pdf/${name}`, source });
    },
  };
}

/** What the page needs beside its own files, of those in `public`. */
const PUBLIC = ['/favicon.svg', '/favicon-unread.svg', '/manifest.json'];

const ASSET = /^assets\/.*\.(?:js|css)$/;

/** Tells the worker which files the webmail consists of. PDF, which takes more than all of the rest, needs its network. */
function filesForWorker(): Plugin {
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

/** Octets of compressed JavaScript that may pass until mail can be read: sign-in, list and reading. */
const FIRST_LOAD = 120_000;
/** What is asked for later than the page itself, but before anything is read. */
const SOON = /\/src\/(?:lib\/words\/en|features\/messages\/frame)\.ts$/;

/** Fails the build where the webmail outgrows what it may take before mail can be read. */
function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
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
      const sizes = [...needed].map((name) => {
        const chunk = bundle[name];
        return chunk?.type === 'chunk' ? brotliCompressSync(chunk.code).length : 0;
      });
      const octets = sizes.reduce((all, one) => all + one, 0);
      if (needed.size < 4) this.error(`only ${needed.size} files are needed for reading mail`);
      const told = `${octets.toLocaleString('en')} of ${FIRST_LOAD.toLocaleString('en')} octets until mail can be read`;
      if (octets > FIRST_LOAD) this.error(told);
      console.log(told);
    },
  };
}

/** Puts beside each file what is sent in its place to browsers that take it: see `WebmailFiles`. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    // Before it is written, others still change what imports on demand.
    async writeBundle({ dir = 'dist' }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => ASSET.test(one))) {
        const path = join(dir, name);
        const source = await readFile(path);
        await writeFile(`${path}.br`, brotliCompressSync(source));
        await writeFile(`${path}.gz`, gzipSync(source, { level: 9 }));
      }
    },
  };
}

// `--mode mock` answers /api from dev/, otherwise it goes to a running Valija. Neither reaches dist.
export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
    pdfDecoders(),
    filesForWorker(),
    budget(),
    compressed(),
    mode === 'mock' ? mockApi() : [],
  ],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', worker: 'src/worker.ts' },
      // Its address must stay, as that is what browsers look at for a new one.
      output: { entryFileNames: ({ name }) => (name === 'worker' ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  server: mode === 'mock' ? {} : { proxy: { '/api': process.env.VALIJA_URL ?? 'http://localhost:8080' } },
  // Tests mount components as a browser does.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['dev/network.ts', 'dev/speech.ts'],
  },
}));
