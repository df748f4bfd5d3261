import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const toldStep = z.object({
  name: z.string(),
  seconds: z.number().nonnegative(),
  ok: z.boolean(),
  observed: z.record(z.string(), z.unknown()),
  error: z.string().optional(),
});
export type ToldStep = z.infer<typeof toldStep>;

/** `story.json`, as the story leaves it. */
export const toldStory = z.object({ ok: z.boolean(), steps: z.array(toldStep) });
export type ToldStory = z.infer<typeof toldStory>;

/** @throws when it is missing or no story */
export async function readStory(file: string): Promise<ToldStory> {
  return toldStory.parse(JSON.parse(await readFile(file, 'utf8')));
}
