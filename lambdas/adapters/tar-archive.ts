import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { PermanentError } from '../domain/errors.ts';

/**
 * Unpacks named files from the top of a `.tar.gz` into a folder; whatever else is inside stays packed.
 *
 * @param what names the archive in the error
 * @returns the files' paths, in the order of `names`
 * @throws PermanentError when the archive cannot be read to its end, or lacks a file
 */
export async function unpackFiles(
  archive: string,
  folder: string,
  names: readonly string[],
  what: string,
): Promise<string[]> {
  const seen: string[] = [];
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
  try {
    await extract({
      file: archive,
      cwd: folder,
      strict: true,
      filter: (path, entry) => {
        seen.push(path);
        return names.includes(topLevel(path)) && 'type' in entry && entry.type === 'File';
      },
    });
  } catch (error) {
    throw new PermanentError(
      `${what} is not a readable tar.gz archive: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return names.map((name) => unpacked(folder, name, what, seen));
}

function unpacked(folder: string, name: string, what: string, seen: readonly string[]): string {
  const path = join(folder, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return path;
  throw new PermanentError(
    `${what} holds no ${name} at its top, but ${seen.slice(0, 10).join(', ') || 'nothing'}: ` +
      `the training code must write it to /opt/ml/model`,
  );
}

function topLevel(path: string): string {
  return path.replace(/^\.\//, '');
}
