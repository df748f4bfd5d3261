import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HandlerBundles } from '../../../infra/bundling/handler-bundles.ts';
import { loadProjects } from '../../../infra/load-projects.ts';
import { root } from './checkout.ts';

const request = z.object({
  output: z.string(),
  platform: z.object({ os: z.enum(['linux', 'darwin']), cpu: z.enum(['x64', 'arm64']) }),
  bundles: z.record(
    z.string(),
    z.object({
      native: z.array(z.enum(['onnxruntime-node', '@duckdb/node-api'])),
      withProjects: z.boolean(),
    }),
  ),
});

// A process of its own, so that a test can take its PATH away.
const { output, platform, bundles } = request.parse(JSON.parse(process.argv[2] ?? ''));
const all = new HandlerBundles({
  root,
  platform,
  projects: await loadProjects(root),
  // Bundles go with the process that made them; the copies beside them stay.
  output: join(output, 'building'),
});
for (const [handler, how] of Object.entries(bundles)) {
  cpSync(all.folderOf(handler, how), join(output, handler), { recursive: true });
}
