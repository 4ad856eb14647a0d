import axe from 'axe-core';
import { chromium } from 'playwright-core';

/** Debian's Chromium, which must not look for anything beyond the loopback. */
export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

/** Waits until a page is drawn: fonts and pictures there, nothing moving, and no skeleton, for those breathe. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const frames = [...document.querySelectorAll('iframe')].flatMap((one) => one.contentDocument ?? []);
    const pictures = [document, ...frames].flatMap((one) => [...one.images]);
    return (
      document.fonts.status === 'loaded' &&
      pictures.every((one) => one.complete || one.loading === 'lazy') &&
      document.getAnimations().every((one) => one.playState !== 'running')
    );
  });
  // What observes sizes acts within a frame, and what that changes is drawn in the next one.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** What axe finds wrong with a page, one line each. The frame of a mail has no scripts, so axe stays out of it. */
export async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    axe.run(document, {
      iframes: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.target.join(' ')} – ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`,
    ),
  );
}

/** Fails the run when the page itself reports an error. */
export function watch(page, problems) {
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A refused sign-in, too large a file, a frame without scripts, a stream that was cut and a network that was taken
    // away are meant to be.
    if (
      message.type() === 'error' &&
      !/status of (40[19]|413)|sandboxed|INCOMPLETE_CHUNKED|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/.test(
        text,
      )
    )
      problems.push(`console: ${text}`);
  });
}
