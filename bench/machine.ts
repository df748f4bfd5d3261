import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/** Where and with what something was measured, a line each. */
export function describeMachine(root: string, packages: readonly string[]): string[] {
  const { dependencies, devDependencies } = manifest.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  );
  const pinned: Record<string, string> = { ...devDependencies, ...dependencies };
  const versions = packages.map((name) => `${name} ${pinned[name] ?? 'missing'}`);
  const lock = readFileSync(join(root, 'requirements.lock'), 'utf8');
  const ministack = /^ministack==(?<version>\S+)/m.exec(lock)?.groups?.['version'] ?? 'missing';
  const load = loadavg()[0] ?? 0;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${platform()} ${release()} ${arch()}`,
    `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ` +
      `${Math.round(totalmem() / 1024 ** 3)} GiB, load ${load.toFixed(1)} before the first run`,
    `Node ${process.versions.node}, MiniStack ${ministack}, ${versions.join(', ')}`,
  ];
}
