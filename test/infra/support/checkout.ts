import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Folder of the checkout. */
export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** The CDK's feature flags, as the CLI hands them to the application. */
export function featureFlags(): Record<string, unknown> {
  return cdkJson.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))).context;
}
