// Runs one compiled entry, installing and building first when that is needed: node docker/run.mjs apps/sts/main [arguments].
// Standard input and output belong to the entry alone; progress goes to standard error.
import fs from 'fs';
import path from 'path';
import { createRequire } from 'module';
import { build, installPackages, root } from './prepare.mjs';

function report(step, what) {
  process.stderr.write(`${step}: ${what} ...\n`);
  return () => process.stderr.write(`${step}: done\n`);
}

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  process.stderr.write('usage: node docker/run.mjs <entry without .ts> [arguments]\n');
  process.exit(2);
}
const file = path.join(root, 'dist', `${entry}.js`);
try {
  await installPackages(report);
  await build(report);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  // The compiler writes what it can even when another part of the tree has a fault.
  if (!fs.existsSync(file)) process.exit(2);
}
process.argv = [process.argv[0], file, ...args];
createRequire(import.meta.url)(file);
