import { t } from '../../lib/words.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';

/** Off the screen, kept on this device; where nothing was written there is nothing to keep. */
export function putAside(compose: Compose): void {
  if (!compose.touched) {
    composer.discard(compose);
    return;
  }
  composer.putAside(compose);
  compose.waiting = false;
  compose.keep();
  toasts.show({
    text: t('compose.kept'),
    action: { label: t('compose.openAgain'), run: () => composer.reopen(compose) },
  });
}

/** Thrown away, unless it is taken back at once. */
export function discard(compose: Compose): void {
  composer.discard(compose);
  compose.waiting = false;
  for (const { upload, uploadId } of compose.attachments) if (!uploadId) upload?.cancel();
  const gone = compose.saving.discard();
  if (compose.touched)
    toasts.show({
      text: t('compose.discarded'),
      action: { label: t('undo'), run: () => void gone.then(() => again(compose)) },
    });
}

function again(compose: Compose): void {
  compose.saving.renew();
  for (const { upload } of compose.unfinished) upload?.start();
  composer.reopen(compose);
  compose.keep();
}
