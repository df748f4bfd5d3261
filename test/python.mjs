// `npm run test:python`: the Python suite alone.
import { spawnSync } from 'node:child_process';
import { python, root, setUpOrExit } from '../local/setup.mjs';

await setUpOrExit();
const { status } = spawnSync(python, ['-m', 'pytest', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
