import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { mockApi } from './dev/mock.ts';

// `--mode mock` answers /api from dev/, otherwise it goes to a running Valija. Neither reaches dist.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), mode === 'mock' ? mockApi() : []],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: mode === 'mock' ? {} : { proxy: { '/api': process.env.VALIJA_URL ?? 'http://localhost:8080' } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
}));
