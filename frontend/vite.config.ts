import { readFile } from 'node:fs/promises';
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

// `--mode mock` answers /api from dev/, otherwise it goes to a running Valija. Neither reaches dist.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), pdfDecoders(), mode === 'mock' ? mockApi() : []],
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: mode === 'mock' ? {} : { proxy: { '/api': process.env.VALIJA_URL ?? 'http://localhost:8080' } },
  // Tests mount components as a browser does.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['dev/network.ts', 'dev/speech.ts'],
  },
}));
