// The layout of DESIGN 3: features never import one another; api, ui and lib reach no feature.
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'features-stay-apart',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'features-know-no-shell',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/app/' },
    },
    {
      name: 'base-knows-no-feature',
      severity: 'error',
      from: { path: '^src/(api|ui|lib)/' },
      to: { path: '^src/(features|app)/' },
    },
    {
      name: 'lib-is-the-floor',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^src/(api|ui)/' },
    },
    { name: 'api-draws-nothing', severity: 'error', from: { path: '^src/api/' }, to: { path: '^src/ui/' } },
    {
      name: 'no-dev-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(dev|e2e|scripts)/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'browser', 'import', 'default'],
    },
  },
};
