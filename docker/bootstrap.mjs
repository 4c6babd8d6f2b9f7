// The door of every npm command: checks Node, installs, builds, then hands over to the compiled launcher.
// Plain JavaScript without dependencies: on a fresh clone nothing else can run yet.
import path from 'path';
import { createRequire } from 'module';
import { StepFailed, build, installPackages, root } from './prepare.mjs';

const commands = {
  start: 'start everything, perform the demo, stay up until Ctrl-C',
  demo: 'start everything, perform the demo, stop; the last line is JSON',
  test: 'run the tests: test [unit|integration|e2e] [path pattern ...]',
  check: 'format, lint, types, module walls, dead code, protocol files',
  servers: 'start the private MariaDB and Redis alone and leave them running',
  stop: 'stop whatever this checkout has left running',
};
/** These commands report a broken build as one of their results instead of stopping at it. */
const goesOnWithoutBuild = ['test', 'check', 'stop'];

const startedAtMs = Date.now();

function report(step, what) {
  const begunMs = Date.now();
  process.stdout.write(`${elapsed()} ${step}: ${what} ...\n`);
  return () => process.stdout.write(`${elapsed()} ${step}: done in ${((Date.now() - begunMs) / 1000).toFixed(1)} s\n`);
}

function elapsed() {
  return `[${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s]`;
}

function explain(error) {
  process.stderr.write(`\n${error instanceof StepFailed ? error.message : error.stack}\n`);
  if (error.logFile) process.stderr.write(`The whole log: ${error.logFile}\n`);
}

async function main(command, args) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(
      `This project needs Node.js 20.19 or newer; this is ${process.version} (${process.execPath}).\n`,
    );
    return 1;
  }
  if (!Object.keys(commands).includes(command)) {
    const lines = Object.keys(commands).map((name) => `  ${name.padEnd(8)} ${commands[name]}`);
    process.stderr.write(`usage: node docker/bootstrap.mjs <command>\n${lines.join('\n')}\n`);
    return 2;
  }
  let buildFailed = false;
  try {
    await installPackages(report);
    await build(report);
  } catch (error) {
    explain(error);
    if (error.step !== 'build' || !goesOnWithoutBuild.includes(command)) return failed(command, error);
    buildFailed = true;
  }
  let launcher;
  try {
    launcher = createRequire(import.meta.url)(path.join(root, 'dist/docker/launcher/main.js'));
  } catch (error) {
    if (!buildFailed) explain(error);
    return failed(command, error);
  }
  return launcher.run({ command, args, startedAtMs, buildFailed });
}

/** The last line each command promises, for the case that it never came to run. */
function failed(command, error) {
  if (command === 'test') process.stdout.write('0 passed, 1 failed\n');
  if (command === 'demo') {
    process.stdout.write(`${JSON.stringify({ ok: false, step: error.step || 'launch', error: error.message })}\n`);
  }
  return 1;
}

/** Ends at once when all is written: an idle connection must not hold the terminal. */
function leave(status) {
  process.stdout.write('', () => process.exit(status));
}

main(process.argv[2], process.argv.slice(3)).then(leave, (error) => {
  explain(error);
  leave(failed(process.argv[2], error));
});
