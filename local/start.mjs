// `npm start`: installs what is missing, then hands over to Node 24.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node, root, setUpOrExit } from './setup.mjs';

const seconds = await setUpOrExit();
const child = spawn(node, [join(root, 'local/main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, MILLRACE_SETUP_SECONDS: String(seconds) },
});
// A terminal sends Ctrl-C to both; the child cleans up and this process waits for it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
