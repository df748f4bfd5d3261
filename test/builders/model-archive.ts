import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';

/** A `model.tar.gz` with these files at its top. */
export async function tarGz(files: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-archive-'));
  try {
    await Promise.all(Object.entries(files).map(([name, body]) => writeFile(join(folder, name), body)));
    const archive = join(folder, '..', `${folder.slice(folder.lastIndexOf('-') + 1)}.tar.gz`);
    await create({ gzip: true, cwd: folder, file: archive }, ['.']);
    const bytes = await readFile(archive);
    await rm(archive);
    return bytes;
  } finally {
    await rm(folder, { recursive: true });
  }
}
