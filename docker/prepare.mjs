// Makes a checkout runnable: npm packages as the lock file says, and builds of the current sources in dist/.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import crypto from 'crypto';
import fs from 'fs';
import path from 'path';
import { spawn } from 'child_process';
import { fileURLToPath } from 'url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const local = path.join(root, '.local');

/** A step that failed, with what a person needs to go on. */
export class StepFailed extends Error {
  constructor(step, reason, logFile) {
    super(`${step} failed: ${reason}`);
    this.step = step;
    this.logFile = logFile;
  }
}

/** True when every package of the lock file is installed in the version it names (optional ones may be absent). */
export function packagesAreInstalled(directory = root) {
  const installed = readJson(path.join(directory, 'node_modules', '.package-lock.json'));
  if (!installed || !installed.packages) return false;
  const wanted = readJson(path.join(directory, 'package-lock.json')).packages;
  return Object.keys(wanted).every((name) => {
    if (name === '' || wanted[name].optional || wanted[name].devOptional || wanted[name].peer) return true;
    return installed.packages[name] !== undefined && installed.packages[name].version === wanted[name].version;
  });
}

/** Installs the packages when they are missing or differ from the lock file. */
export async function installPackages(report) {
  if (packagesAreInstalled()) return;
  await underLock('install', report, async () => {
    if (packagesAreInstalled()) return;
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const quiet = ['--include=dev', '--no-audit', '--no-fund'];
    const done = report('install', 'npm packages (npm ci)');
    try {
      await runLogged('install', npm, ['ci', ...quiet]);
    } catch (error) {
      // A lock file made through a registry mirror may lack optional packages of other platforms. Newer npm
      // refuses such a file outright; an install keeps to its versions all the same, and does not touch it.
      if (!readText(error.logFile).includes('code EUSAGE')) throw error;
      report('install', 'npm ci does not take the lock file of this platform; npm install by the same lock file');
      await runLogged('install', npm, ['install', '--no-save', ...quiet]);
    }
    done();
  });
}

/** What is built into dist/: the programs by the compiler, the pages of apps/pos by Vite. */
const BUILDS = [
  {
    name: 'build',
    what: 'sources into dist/ (nest build)',
    stamp: path.join(root, 'dist', '.built-from'),
    files: ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'],
    folders: ['apps', 'libs', 'docker', 'test'],
    wants: (file) => /\.(ts|json)$/.test(file) && !file.startsWith(path.join('apps', 'pos')),
    run: () => {
      // tsc believes its own notes about what it has written; without the output the notes are wrong.
      if (!fs.existsSync(path.join(root, 'dist/docker/launcher/main.js'))) {
        fs.rmSync(path.join(root, 'dist/.tsbuildinfo'), { force: true });
      }
      return runLogged('build', process.execPath, [path.join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build']);
    },
  },
  {
    name: 'pages',
    what: 'pages into dist/pages (vite build)',
    stamp: path.join(root, 'dist', '.pages-built-from'),
    files: ['package-lock.json'],
    folders: ['apps/pos'],
    wants: () => true,
    run: () => {
      const vite = path.join(root, 'node_modules/vite/bin/vite.js');
      return runLogged('pages', process.execPath, [vite, 'build', '--config', 'apps/pos/vite.config.mjs']);
    },
  },
];

/** Builds dist/ when a source changed since the last good build. */
export async function build(report) {
  const stale = () => BUILDS.filter((one) => readText(one.stamp) !== fingerprintOf(one));
  if (stale().length === 0) return;
  await underLock('build', report, async () => {
    const outcomes = await Promise.allSettled(stale().map((one) => buildOne(one, report)));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  });
}

async function buildOne(one, report) {
  const fingerprint = fingerprintOf(one);
  const done = report(one.name, one.what);
  fs.rmSync(one.stamp, { force: true });
  await one.run();
  fs.mkdirSync(path.dirname(one.stamp), { recursive: true });
  fs.writeFileSync(one.stamp, fingerprint);
  done();
}

/** Path, size and time of every file that a build reads: cheap, and any edit, addition or removal changes it. */
function fingerprintOf({ files, folders, wants }) {
  const hash = crypto.createHash('sha256');
  const add = (file) => {
    const stat = fs.statSync(file);
    hash.update(`${path.relative(root, file)} ${stat.size} ${stat.mtimeMs}\n`);
  };
  files.forEach((name) => add(path.join(root, name)));
  const walk = (directory) => {
    const entries = fs.readdirSync(directory, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const full = path.join(directory, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== 'dist') walk(full);
      else if (entry.isFile() && wants(path.relative(root, full))) add(full);
    }
  };
  folders.forEach((name) => walk(path.join(root, name)));
  return hash.digest('hex');
}

/** Runs a program with its output in .local/logs/<step>.log; on failure the last lines are part of the reason. */
function runLogged(step, program, args) {
  const logFile = path.join(local, 'logs', `${step}.log`);
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = fs.openSync(logFile, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', log, log] });
    const fail = (reason) => {
      const colours = new RegExp(String.fromCharCode(27) + '\\[[0-9;]*m', 'g');
      const lines = fs.readFileSync(logFile, 'utf8').replace(colours, '').trimEnd().split('\n');
      reject(new StepFailed(step, `${reason}\n${lines.slice(-15).join('\n')}`, logFile));
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => {
      fs.closeSync(log);
      if (code === 0) resolve();
      else fail(signal ? `ended by ${signal}` : `exit status ${code}`);
    });
  });
}

/** Two commands in one checkout must not install or build over each other. The lock names its owner's process. */
async function underLock(name, report, work) {
  const file = path.join(local, 'run', `${name}.lock`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, String(process.pid));
  let waiting;
  for (;;) {
    try {
      fs.linkSync(mine, file); // takes the lock and names its owner in one step
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(readText(file)))) {
        fs.rmSync(file, { force: true });
        continue;
      }
      waiting = waiting || report(name, 'another command in this checkout is at it; waiting');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  fs.rmSync(mine, { force: true });
  if (waiting) waiting();
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
