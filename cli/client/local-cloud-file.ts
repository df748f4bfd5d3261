import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { localCloud } from '../../lambdas/contracts/deployment.ts';
import type { LocalCloud } from '../../lambdas/contracts/deployment.ts';
import { MillraceError } from './millrace-error.ts';

/**
 * What `npm start` left in `.millrace/local.json`, in `directory` or the nearest parent that has one.
 * @throws MillraceError when the file is there and broken
 */
export async function findLocalCloud(directory: string): Promise<LocalCloud | undefined> {
  const path = join(directory, '.millrace', 'local.json');
  const text = await readIfThere(path);
  if (text !== undefined) return parseLocalCloud(path, text);
  const parent = dirname(directory);
  return parent === directory ? undefined : findLocalCloud(parent);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw error;
  }
}

function parseLocalCloud(path: string, text: string): LocalCloud {
  const parsed = localCloud.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'file'}: ${message}`);
  throw new MillraceError(
    `${path} does not describe a local cloud (${wrong.join('; ')}): delete it and run \`npm start\` again`,
  );
}

/** Text that is not JSON becomes `undefined`, which the schema then refuses. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
