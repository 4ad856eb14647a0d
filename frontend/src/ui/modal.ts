/** A dialog over the page. */
export interface Modal {
  /** Attaches the element and opens it. */
  show(dialog: HTMLDialogElement): void;
  close(): void;
}

/**
 * Tells of a close at once. The browser's own `close` event comes with the next frame, and a key pressed before it
 * would go to a dialog that nobody sees any more, or what it opened would be closed again.
 */
export function modal(onclose: () => void): Modal {
  let shown: HTMLDialogElement | undefined;

  function close() {
    const dialog = shown;
    shown = undefined;
    dialog?.close();
    if (dialog) onclose();
  }

  return {
    close,
    show(dialog) {
      shown = dialog;
      dialog.showModal();
      dialog.addEventListener('close', close);
      // That of a file picker within bubbles up to here.
      dialog.addEventListener('cancel', (event) => {
        if (event.target === dialog) close();
      });
    },
  };
}
