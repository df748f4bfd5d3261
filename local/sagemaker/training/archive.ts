import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Packs the content of a folder, with names relative to it, as tar.gz. False, and no file, when the folder is empty.
 * Throws when `tar` fails.
 */
export async function packFolder(folder: string, archive: string): Promise<boolean> {
  const names = await readdir(folder);
  if (names.length === 0) return false;
  // Without this variable macOS adds a hidden ._ file for every file.
  const env = { ...process.env, COPYFILE_DISABLE: '1' };
  await run('tar', ['-czf', archive, '-C', folder, '--', ...names.sort()], { env });
  return true;
}
