import { expect, it } from 'vitest';
import { lines } from './lines.ts';

it('lines are whole however the network cuts them', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n\n{"b":2}\n{"c":3}');
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  const got: string[] = [];
  for await (const line of lines(stream)) got.push(line);
  expect(got).toEqual(['{"a":"ü"}', '{"b":2}', '{"c":3}']);
});
