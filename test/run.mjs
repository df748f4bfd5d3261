// `npm test`: installs what is missing, then hands over to Node 24.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { node, root, setUpOrExit } from '../local/setup.mjs';

await setUpOrExit();
const { status } = spawnSync(node, [join(root, 'test/run-all.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
