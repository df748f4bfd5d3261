// Installs what a fresh clone needs, and nothing twice. Runs on the Node that the person has (20 or newer), before any
// dependency is there: plain JavaScript, built-ins only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Node 24, as Lambda has it, from the lock file. */
export const node = join(root, 'node_modules/.bin/node');
export const python = join(root, '.venv/bin/python');

/** A failure that a person can mend, told in one sentence. */
export class SetupError extends Error {}

// npm waits minutes for a registry that does not answer; a person should hear of it sooner.
const quickRetries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

const registryHint = 'check the network or the proxy settings, then run the same command again';

/** @param {(line: string) => void} say */
export async function setUp(say = (line) => process.stdout.write(`${line}\n`)) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: Millrace needs Node 20 or newer to start.`,
    );
  }
  if (!['linux', 'darwin'].includes(process.platform)) {
    throw new SetupError(`Millrace's local cloud runs on Linux and macOS; this is ${process.platform}.`);
  }
  const started = Date.now();
  // Looked for before anything is installed: a missing one should be told at once.
  const interpreter = pythonIsInstalled() ? undefined : findPython();
  const results = await Promise.allSettled([
    installNode(say),
    interpreter === undefined ? undefined : installPython(interpreter, say),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  await fetchForeignParts(say);
  return (Date.now() - started) / 1000;
}

/** @param {(line: string) => void} say */
async function installNode(say) {
  const stamp = join(root, 'node_modules/.millrace-installed');
  const wanted = fingerprint(['package-lock.json']);
  if (readStamp(stamp) === wanted && existsSync(node)) return;
  say('Installing the npm packages of package-lock.json …');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...quickRetries], 'npm', {
    // Its postinstall fetches CUDA libraries from the network; the processor's lie inside the package.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  }).catch((error) => {
    throw new SetupError(`npm could not install the packages (${error.message}); ${registryHint}.`);
  });
  if (!existsSync(node)) {
    throw new SetupError(
      `npm installed no Node 24 for ${process.platform} ${process.arch}: run \`npm ci --include=optional\` and try again.`,
    );
  }
  writeFileSync(stamp, wanted);
}

const pythonStamp = join(root, '.venv/.millrace-installed');
const pythonLock = () => fingerprint(['requirements.lock']);

function pythonIsInstalled() {
  return readStamp(pythonStamp) === pythonLock() && existsSync(python);
}

/** @param {string} interpreter @param {(line: string) => void} say */
async function installPython(interpreter, say) {
  say('Installing the Python packages of requirements.lock into .venv …');
  rmSync(join(root, '.venv'), { recursive: true, force: true });
  await run(interpreter, ['-m', 'venv', '.venv'], 'venv').catch((error) => {
    throw new SetupError(
      `Python could not make a virtual environment (${error.message}); on Debian and Ubuntu install python3.11-venv.`,
    );
  });
  await run(
    python,
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--retries',
      '2',
      '--require-hashes',
      '-r',
      'requirements.lock',
    ],
    'pip',
  ).catch((error) => {
    throw new SetupError(`pip could not install the packages (${error.message}); ${registryHint}.`);
  });
  writeFileSync(pythonStamp, pythonLock());
}

function findPython() {
  for (const candidate of [process.env.MILLRACE_PYTHON, 'python3.11', 'python3', 'python']) {
    if (!candidate) continue;
    const probe = spawnSync(candidate, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    if (probe.status === 0 && probe.stdout.trim() === '3.11') return candidate;
  }
  throw new SetupError(
    'Python 3.11 was not found: install it (for example with your package manager or pyenv), or name it in MILLRACE_PYTHON.',
  );
}

/**
 * DuckDB's library comes as a package a platform, and npm installs this machine's alone. Functions on AWS need
 * Lambda's, so that a Mac can synthesize for AWS: it is fetched once and held against the lock file's hash.
 * @param {(line: string) => void} say
 */
async function fetchForeignParts(say) {
  const name = '@duckdb/node-bindings-linux-x64';
  const target = join(root, '.millrace/native', name);
  if (existsSync(join(root, 'node_modules', name)) || existsSync(join(target, 'package.json'))) return;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[
    `node_modules/${name}`
  ];
  say(`Fetching ${name}@${locked.version} for functions on AWS …`);
  mkdirSync(target, { recursive: true });
  await run(
    'npm',
    ['pack', `${name}@${locked.version}`, '--pack-destination', target, '--loglevel=error'],
    'npm-pack',
  ).catch((error) => {
    throw new SetupError(`npm could not fetch ${name} (${error.message}); ${registryHint}.`);
  });
  const archive = join(target, `duckdb-node-bindings-linux-x64-${locked.version}.tgz`);
  const hash = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (hash !== locked.integrity) {
    rmSync(target, { recursive: true });
    throw new SetupError(`${name} came with another hash than package-lock.json has; it was thrown away.`);
  }
  await run('tar', ['-xzf', archive, '-C', target, '--strip-components=1'], 'tar');
  rmSync(archive);
}

/** @param {string[]} files */
function fingerprint(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** @param {string} file */
function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Runs a command with its output in `.millrace/logs/<log>.log`.
 * @param {string} command @param {string[]} args @param {string} log @param {Record<string, string>} [env]
 * @returns {Promise<void>}
 */
function run(command, args, log, env = {}) {
  mkdirSync(join(root, '.millrace/logs'), { recursive: true });
  const file = join(root, '.millrace/logs', `${log}.log`);
  return new Promise((resolve, reject) => {
    const output = createWriteStream(file);
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code) => {
      output.end();
      if (code === 0) resolve();
      else reject(new Error(`exit code ${code}, details in .millrace/logs/${log}.log`));
    });
  });
}

/** Runs set-up for a command; a failure is one sentence and exit code 1. */
export async function setUpOrExit() {
  try {
    return await setUp();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seconds = await setUpOrExit();
  process.stdout.write(`Everything is installed (${seconds.toFixed(1)} s).\n`);
}
