/** The rows of a list that are worth drawing for a scroll position; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

export function visibleSpan(
  scrollTop: number,
  height: number,
  rowHeight: number,
  total: number,
  overscan = 8,
): Span {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const last = Math.ceil((Math.max(0, scrollTop) + Math.max(0, height)) / rowHeight);
  const start = Math.max(0, Math.min(first - overscan, total));
  return { start, end: Math.max(start, Math.min(total, last + overscan)) };
}

/** Where to scroll so that a row is wholly seen, or undefined where it is already. */
export function scrollToShow(
  index: number,
  scrollTop: number,
  height: number,
  rowHeight: number,
): number | undefined {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return undefined;
}

/** Pages to fetch so that every wanted index within the span is covered. */
export function pagesToLoad(span: Span, pageSize: number, wanted: (index: number) => boolean): number[] {
  const pages: number[] = [];
  for (let page = Math.floor(span.start / pageSize); page * pageSize < span.end; page++) {
    const from = Math.max(span.start, page * pageSize);
    const to = Math.min(span.end, (page + 1) * pageSize);
    for (let index = from; index < to; index++) {
      if (wanted(index)) {
        pages.push(page);
        break;
      }
    }
  }
  return pages;
}
