// Run by pytest: holds what the trainer reads and writes against the contracts themselves.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { trainedManifest } from '../../../lambdas/contracts/model-manifest.ts';
import { trainingConfig } from '../../../lambdas/contracts/training-config.ts';

const [configPath, manifestPath] = process.argv.slice(2);
if (!configPath || !manifestPath)
  throw new Error('expected the paths of a training.json and a manifest.json');

for (const [path, contract] of [
  [configPath, z.strictObject(trainingConfig.shape)],
  [manifestPath, z.strictObject(trainedManifest.shape)],
] as const) {
  const parsed = contract.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} breaks its contract:\n${z.prettifyError(parsed.error)}`);
}
