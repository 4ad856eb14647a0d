const wide = matchMedia('(min-width: 1100px)');
const narrow = matchMedia('(max-width: 699px)');
const night = matchMedia('(prefers-color-scheme: dark)');

/** What the window has room for, and whether the system wants it dark. */
export const layout = $state({ wide: wide.matches, narrow: narrow.matches, night: night.matches });

wide.addEventListener('change', ({ matches }) => {
  layout.wide = matches;
});
narrow.addEventListener('change', ({ matches }) => {
  layout.narrow = matches;
});
night.addEventListener('change', ({ matches }) => {
  layout.night = matches;
});
