import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../../local/process.ts';
import type { Benchmark } from '../benchmark.ts';
import { describeMachine } from '../machine.ts';
import { figuresOf, type LoopFigures } from './figures.ts';
import { loopReport } from './report.ts';
import { runStory } from './run-story.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const usage = 'usage: npm run bench -- loop [--runs 1] [--port <free>] [--write]';
const packages = ['aws-cdk', 'aws-cdk-lib', 'onnxruntime-node', '@duckdb/node-api'];

function readOptions(words: readonly string[]) {
  const { values } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string', default: '1' },
      port: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const number = (name: string, text: string, largest: number): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= largest) return value;
    throw new Error(`--${name} takes a whole number from 1 to ${largest}, not '${text}'\n${usage}`);
  };
  return {
    runs: number('runs', values.runs, 100),
    port: values.port === undefined ? undefined : number('port', values.port, 65_535),
    write: values.write,
  };
}

const loop: Benchmark = {
  summary: 'the whole story: times of its steps, failed requests, state transitions, Lambda invocations',
  async run(words) {
    const { runs, port, write } = readOptions(words);
    const machine = describeMachine(root, packages);
    const told: LoopFigures[] = [];
    for (let run = 1; run <= runs; run += 1) {
      process.stderr.write(`run ${run} of ${runs} …\n`);
      const folder = join(root, '.millrace/bench/loop');
      const story = await runStory({ root, port: port ?? (await freePort()), folder });
      const broken = story.steps.find(({ ok }) => !ok);
      if (!story.ok || broken) {
        const where = broken
          ? `step '${broken.name}': ${broken.error ?? 'no reason given'}`
          : 'an interruption';
        process.stdout.write(`missed: run ${run} ended in ${where}\nIts logs are in ${folder}/logs\n`);
        return 1;
      }
      told.push(figuresOf(story));
    }
    const report = loopReport(told, machine);
    process.stdout.write(report);
    if (write) {
      const file = join(root, 'bench/results/loop.md');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, report);
      process.stderr.write('written to bench/results/loop.md\n');
    }
    return 0;
  },
};
export default loop;
