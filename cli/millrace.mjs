#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Plain JavaScript, as a Node too old to strip types must be able to say so, or find a newer one.

const oldestMajor = 24;
const handedOver = 'MILLRACE_HANDED_OVER';

/** @param {string} path relative to the repository's root */
const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`millrace: ${sentence}\n`);
  process.exitCode = 1;
}

/** Runs this very command by another Node; its exit code, or the signal that ended it, becomes ours. @param {string} node */
function handOver(node) {
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, [handedOver]: '1' },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(`${node} does not start (${error.message}): run npm start again`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

const ownNode = inRepository('node_modules/.bin/node');
if (!existsSync(inRepository('node_modules/commander/package.json'))) {
  fail('its packages are not installed: run npm start first');
} else if (Number.parseInt(process.versions.node, 10) >= oldestMajor) {
  await import('./main.ts');
} else if (process.env[handedOver] === undefined && existsSync(ownNode)) {
  handOver(ownNode);
} else {
  fail(
    `Node ${oldestMajor} or newer is needed and this is ${process.version}: run npm start first, it installs one`,
  );
}
