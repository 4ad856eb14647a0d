/** How far a running search is. */
export class SearchProgress {
  running = $state(false);
  searched = $state(0);
  total = $state(0);

  begin(): void {
    this.running = true;
    this.searched = 0;
    this.total = 0;
  }

  end(): void {
    this.running = false;
  }
}
