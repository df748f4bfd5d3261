import { waitFor } from '../../../cli/client/wait-for.ts';
import type { Row } from '../../../cli/client/predictions.ts';
import { project, type World } from './world.ts';

/** Waits until predictions come from a version. */
export async function answersBy(
  { millrace }: World,
  version: number,
  rows: readonly Row[],
  timeoutMs = 60_000,
): Promise<void> {
  await waitFor(
    `version ${version} to answer`,
    async (saw) => {
      const answer = await millrace.predict(project, rows);
      saw(`version ${answer.version}`);
      return answer.version === version ? answer : undefined;
    },
    { timeoutMs, intervalMs: 100 },
  );
}
