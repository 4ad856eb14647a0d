import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { filesForWorker, pdfDecoders, sentSmall } from './build/plugins.ts';
import { mockApi } from './dev/mock.ts';

// `--mode mock` answers /api from dev/, otherwise it goes to a running Valija. Neither reaches dist.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), pdfDecoders(), filesForWorker(), sentSmall(), mode === 'mock' ? mockApi() : []],
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
