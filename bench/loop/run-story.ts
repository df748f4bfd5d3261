import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readStory, type ToldStory } from './told-story.ts';

export interface StoryOptions {
  readonly root: string;
  readonly port: number;
  /** Of this run alone; emptied first. */
  readonly folder: string;
}

/** Tells the whole story in a process of its own, as `npm start -- --once` does. @throws when it left no story */
export async function runStory({ root, port, folder }: StoryOptions): Promise<ToldStory> {
  rmSync(folder, { recursive: true, force: true });
  const child = spawn(
    join(root, 'node_modules/.bin/node'),
    [join(root, 'local/main.ts'), '--once', '--port', String(port), '--folder', folder],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // The child stops what it started before it ends.
  const pass = (): void => void child.kill('SIGTERM');
  process.once('SIGINT', pass).once('SIGTERM', pass);
  let said = '';
  const listen = (chunk: Buffer): void => void (said += chunk.toString('utf8'));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const [code] = (await once(child, 'close')) as [number | null];
  process.off('SIGINT', pass).off('SIGTERM', pass);
  try {
    return await readStory(join(folder, 'story.json'));
  } catch (error) {
    const last = said.trim().split('\n').slice(-3).join('\n');
    throw new Error(`the story ended with code ${code} and left no story.json; its last words:\n${last}`, {
      cause: error,
    });
  }
}
