import { expect, it } from 'vitest';
import { inOrder } from './inOrder.ts';

/** A server that answers when it is told to. */
function server() {
  const log: string[] = [];
  const answers = new Map<string, (failed?: Error) => void>();
  const ask = (name: string) => () => {
    log.push(name);
    return new Promise<string>((resolve, reject) =>
      answers.set(name, (failed) => (failed ? reject(failed) : resolve(name))),
    );
  };
  return { log, ask, answer: (name: string, failed?: Error) => answers.get(name)?.(failed) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it('asks for the same thing one after the other, and for others at once', async () => {
  const { log, ask, answer } = server();
  void inOrder(['1', '2'], ask('star'));
  const second = inOrder(['2'], ask('unstar'));
  void inOrder(['3'], ask('other'));
  await settled();
  expect(log).toEqual(['star', 'other']);
  answer('star');
  await settled();
  expect(log).toEqual(['star', 'other', 'unstar']);
  answer('unstar');
  expect(await second).toBe('unstar');
});

it('goes on after a failure, which is its own askers', async () => {
  const { log, ask, answer } = server();
  const first = inOrder(['4'], ask('move'));
  const second = inOrder(['4'], ask('mark'));
  answer('move', new Error('no'));
  await expect(first).rejects.toThrow('no');
  await settled();
  expect(log).toEqual(['move', 'mark']);
  answer('mark');
  expect(await second).toBe('mark');
});

it('forgets what is done', async () => {
  const { log, ask, answer } = server();
  const first = inOrder(['5'], ask('a'));
  answer('a');
  await first;
  void inOrder(['5'], ask('b'));
  expect(log).toEqual(['a', 'b']);
  answer('b');
});
