import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const folders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-first-minute-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly text: string;
}

const run = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        text: `${stdout}${stderr}`,
      });
    });
  });

describe('what a person is told when the first command cannot work', () => {
  it('without Python 3.11: one sentence, at once, before anything is installed', async () => {
    const clone = temporaryFolder();
    mkdirSync(join(clone, 'local'));
    mkdirSync(join(clone, 'bin'));
    for (const file of ['package-lock.json', 'requirements.lock', 'local/setup.mjs', 'local/start.mjs']) {
      copyFileSync(join(root, file), join(clone, file));
    }
    symlinkSync(process.execPath, join(clone, 'bin/node'));
    const { code, text } = await run(['local/start.mjs'], clone, { PATH: join(clone, 'bin') });
    expect(code).toBe(1);
    expect(text).toMatch(/^Python 3\.11 was not found: install it .* or name it in MILLRACE_PYTHON\.\n$/);
  });

  it('with the port taken: one sentence that names the port and another way', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const args = ['local/main.ts', '--once', '--port', String(port), '--folder', temporaryFolder()];
    const { code, text } = await run(args, root);
    server.close();
    expect(code).toBe(1);
    expect(text).toContain(
      `port ${port} is taken by another program: stop it, or choose another one with \`npm start -- --port <number>\``,
    );
    expect(text).not.toMatch(/^\s+at /m);
  });

  it('with an option that there is not: the usage, and no stack trace', async () => {
    const { code, text } = await run(['local/main.ts', '--twice'], root);
    expect(code).toBe(1);
    expect(text).toMatch(/--twice[\s\S]*usage: npm start -- \[--once\]/);
    expect(text).not.toMatch(/^\s+at /m);
  });
});
