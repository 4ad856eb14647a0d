/** What is dragged over a mail being written. */
export class Dragging {
  /** Files are dragged over it; over the text, their pictures would come into that. */
  over: 'files' | 'text' | undefined = $state();
  /** What is dragged comes from within. */
  #within = false;

  start(): void {
    this.#within = true;
  }

  /** Also with a drop: of what was moved within the text the browser does not tell that its dragging ended. */
  end(): void {
    this.#within = false;
    this.over = undefined;
  }

  hover(event: DragEvent): void {
    if (this.#within || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const pictures = [...event.dataTransfer.items].some(({ type }) => type.startsWith('image/'));
    this.over = pictures && (event.target as Element).closest('.ProseMirror') ? 'text' : 'files';
  }

  leave(event: DragEvent): void {
    if (!(event.currentTarget as Element).contains(event.relatedTarget as Node | null)) this.over = undefined;
  }

  /** Files that were dropped, and that nothing within has taken. */
  drop(event: DragEvent): FileList | undefined {
    this.end();
    if (event.defaultPrevented || !event.dataTransfer?.files.length) return undefined;
    event.preventDefault();
    return event.dataTransfer.files;
  }
}
