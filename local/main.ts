import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { z } from 'zod';
import { startLocalCloud, type RunningCloud } from './local-cloud.ts';
import { LocalCloudError } from './loopback.ts';
import { Narrator } from './story/narrator.ts';
import { tellStory } from './story/story.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const usage = 'usage: npm start -- [--once] [--no-story] [--port 4566] [--folder .millrace]';

interface Arguments {
  /** End after the story. */
  readonly once: boolean;
  readonly story: boolean;
  readonly port: number;
  /** For state, logs, templates, the story's files and `story.json`. Absolute. */
  readonly folder: string;
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        'no-story': { type: 'boolean', default: false },
        port: { type: 'string', default: '4566' },
        folder: { type: 'string', default: join(root, '.millrace') },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new LocalCloudError(`--port takes a number from 1 to 65535, not '${values.port}'`);
    }
    return { once: values.once, story: !values['no-story'], port, folder: resolve(values.folder) };
  } catch (error) {
    throw new LocalCloudError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function startTelling(
  narrator: Narrator,
  { port, folder }: Arguments,
  signal: AbortSignal,
): Promise<RunningCloud> {
  narrator.chapter('A cloud on this machine');
  const seconds = Number(process.env['MILLRACE_SETUP_SECONDS'] ?? 0);
  if (seconds > 0.5) narrator.say(`  installed in ${seconds.toFixed(1)} s`);
  let cloud: RunningCloud | undefined;
  await narrator.step('cloud up, deployed', async (progress) => {
    cloud = await startLocalCloud({
      root,
      port,
      folder,
      signal,
      onPhase: (phase) =>
        progress(phase === 'emulator' ? 'starting the emulator' : 'cdk deploy --all -c env=local'),
    });
    return {
      told: `${cloud.endpoint}, four stacks by the CDK`,
      observed: { endpoint: cloud.endpoint, sageMakerEndpoint: cloud.sageMakerEndpoint },
    };
  });
  if (!cloud) throw new Error('the cloud did not start');
  return cloud;
}

const evaluated = z.object({
  metrics: z.record(z.string(), z.number()),
  championMetrics: z.record(z.string(), z.number()).optional(),
});

/** What came of it: the versions' metrics, the later one beside its predecessor's on the same held-out rows. */
function summary(narrator: Narrator, folder: string): void {
  const total = narrator.steps.reduce((sum, { seconds }) => sum + seconds, 0);
  narrator.chapter('Summary');
  narrator.say(
    `  ${narrator.steps.length} steps in ${total.toFixed(1)} s, all observed from outside: ${relative(root, join(folder, 'story.json'))}`,
  );
  const evaluations = narrator.steps
    .filter(({ name }) => name === 'evaluated')
    .map(({ observed }) => observed);
  evaluations.forEach((observed, index) => {
    const { metrics, championMetrics } = evaluated.parse(observed);
    const figures = Object.entries(metrics).map(([name, value]) => {
      const before = championMetrics?.[name];
      return `${name} ${before === undefined ? '' : `${before.toFixed(4)} → `}${value.toFixed(4)}`;
    });
    const against = championMetrics ? ` against version ${index}, on the same rows` : '';
    narrator.say(`  version ${index + 1}${against}: ${figures.join(', ')}`);
  });
}

function writeStory(narrator: Narrator, folder: string, ok: boolean): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'story.json'),
    `${JSON.stringify({ ok, toldAt: new Date().toISOString(), steps: narrator.steps }, null, 2)}\n`,
  );
}

async function main(narrator: Narrator): Promise<void> {
  const given = readArguments();
  const { once: onlyOnce, story, folder } = given;
  const interrupt = new AbortController();
  const interrupted = once(interrupt.signal, 'abort');
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupt.abort());

  const cloud = await startTelling(narrator, given, interrupt.signal);
  try {
    if (story) {
      const told = tellStory(root, cloud, narrator, join(folder, 'story'));
      const ended = await Promise.race([
        told.then(() => 'told' as const),
        interrupted.then(() => 'interrupted' as const),
      ]);
      // Its requests will fail once the cloud is gone; nobody waits for them any more.
      told.catch(() => undefined);
      if (ended === 'told') summary(narrator, folder);
      writeStory(narrator, folder, ended === 'told');
      if (ended === 'interrupted' && onlyOnce) process.exitCode = 130;
    }
    if (!onlyOnce && !interrupt.signal.aborted) {
      narrator.chapter('Running; Ctrl-C stops everything');
      narrator.say(`  AWS endpoint        ${cloud.endpoint}`);
      narrator.say(`  SageMaker endpoint  ${cloud.sageMakerEndpoint}`);
      narrator.say('\n  Try, in another terminal:');
      narrator.say('    npm run millrace -- status');
      narrator.say('    npm run millrace -- models breast-cancer');
      narrator.say(
        `    npm run millrace -- upload breast-cancer ${relative(root, join(folder, 'story/new-device.csv'))} --wait`,
      );
      await interrupted;
    }
  } catch (error) {
    writeStory(narrator, folder, false);
    throw error;
  } finally {
    await cloud.stop();
  }
}

const narrator = new Narrator();
try {
  await main(narrator);
} catch (error) {
  const known = error instanceof Error;
  if (!narrator.hasTold(error)) {
    process.stderr.write(`${styleText('red', known ? error.message : String(error))}\n`);
  }
  if (process.env['MILLRACE_DEBUG'] && known) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
// Sockets kept alive to a cloud that is gone would hold the process up.
process.exit();
