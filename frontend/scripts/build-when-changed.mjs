// Builds the webmail for the jar, and does nothing when nothing changed: ./mvnw runs it each time.
// The fingerprints of what was installed and built are in frontend/.stamp.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const frontend = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(frontend, '.stamp');
const contract = join(frontend, '..', 'openapi.yaml');
const notSources = new Set(['node_modules', 'dist', '.stamp', 'e2e', 'test-results', 'coverage']);

requireNode(20, 19);
const stamp = readStamp();

const installed = fingerprint([join(frontend, 'package-lock.json')]);
if (stamp.installed !== installed || !existsSync(join(frontend, 'node_modules'))) {
  npm('ci', '--no-audit', '--no-fund');
  stamp.installed = installed;
  writeStamp();
}

const built = join(frontend, 'dist', 'index.html');
if (stamp.built !== sources() || !existsSync(built)) {
  npm('run', 'build');
  if (!existsSync(built)) fail('npm run build ended without making dist/index.html.');
  // Taken afterwards: the build writes the types generated from openapi.yaml among the sources.
  stamp.built = sources();
  writeStamp();
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    fail(`Node ${major}.${minor} or newer is needed to build the webmail; this is ${process.versions.node}.`);
  }
}

function sources() {
  return fingerprint([contract, ...filesBelow(frontend)]);
}

function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => directory !== frontend || !notSources.has(entry.name))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

function fingerprint(files) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of files) {
    if (!existsSync(file)) fail(`${file} is missing.`);
    hash.update(file.slice(frontend.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function npm(...args) {
  const env = { ...process.env };
  delete env.NODE_ENV; // production would leave out the tools that the build needs
  const { error, status } = spawnSync('npm', args, { cwd: frontend, env, stdio: 'inherit' });
  if (error?.code === 'ENOENT')
    fail('npm is not on the PATH. Install Node.js with npm, or skip with -Dskip.frontend.');
  if (error) fail(`npm ${args.join(' ')}: ${error.message}`);
  if (status !== 0) fail(`npm ${args.join(' ')} failed; see its output above.`);
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {}; // no stamp, or half of one: build
  }
}

function writeStamp() {
  writeFileSync(stampFile, JSON.stringify(stamp));
}

function fail(reason) {
  console.error(`webmail: ${reason}`);
  process.exit(1);
}
