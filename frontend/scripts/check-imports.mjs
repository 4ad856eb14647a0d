// dependency-cruiser passes when it reads nothing (it does with TypeScript 7), so the count is checked too.
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.cjs';

const tsConfig = extractTSConfig('tsconfig.json');
const { output } = await cruise(
  ['src'],
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  {},
  { tsConfig },
);
const own = output.modules.filter((module) => module.source.startsWith('src/'));
const svelte = own.filter((module) => module.source.endsWith('.svelte') && module.dependencies.length > 0);
if (own.length < 20 || svelte.length < 10) {
  console.error(
    `import rules: only ${own.length} modules (${svelte.length} components with imports) were read`,
  );
  process.exit(1);
}
for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
console.log(`import rules: ${own.length} modules, ${output.summary.violations.length} violations`);
process.exit(output.summary.violations.length > 0 ? 1 : 0);
