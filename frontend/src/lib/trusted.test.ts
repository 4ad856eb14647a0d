import { expect, test, vi } from 'vitest';

test('only a file of ours becomes what a worker runs', async () => {
  vi.stubGlobal('trustedTypes', { createPolicy: (_: string, rules: object) => rules });
  const { frameMarkup, workerScript } = await import('./trusted.ts');
  expect(workerScript('/worker.js')).toBe('/worker.js');
  expect(workerScript('/assets/pdf.worker-1.js')).toBe('/assets/pdf.worker-1.js');
  for (const address of [
    '//elsewhere.example/x.js',
    'https://elsewhere.example/x.js',
    'data:text/javascript,1',
    '',
  ])
    expect(() => workerScript(address)).toThrow('not a worker of ours');
  expect(frameMarkup('<p>')).toBe('<p>');
});
