import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Count, checkCount, junitCount, vitestCount } from './reports.ts';

/** One runner of the whole test: its command, and how its own report is counted. */
interface Runner {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads the report; a runner without one counts as one check by its exit code. */
  readonly count: (passed: boolean) => Count;
}

const root = join(import.meta.dirname, '..');
const reports = join(root, '.millrace/reports');
const report = (file: string): string => join(reports, file);
const python = (tool: string): string => join(root, '.venv/bin', tool);

const check = (name: string, ...command: string[]): Runner => ({ name, command, count: checkCount });

const vitest = (name: string, ...projects: string[]): Runner => ({
  name,
  command: [
    'vitest',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(`${name}.json`)}`,
  ],
  count: (passed) => vitestCount(report(`${name}.json`), passed),
});

const projects = readdirSync(join(root, 'projects'));

const runners: readonly Runner[] = [
  check('format', 'prettier', '--check', '--log-level=warn', '.'),
  check('lint', 'oxlint', '--type-aware', '--deny-warnings'),
  check('types', 'tsc', '--noEmit'),
  check('python format', python('ruff'), 'format', '--check', '--quiet', '.'),
  check('python lint', python('ruff'), 'check', '--quiet', '.'),
  check('python types', python('mypy')),
  // A project's pipeline.py has the same module name as every other's.
  ...projects.map((project) => check(`python types of ${project}`, python('mypy'), `projects/${project}`)),
  vitest('unit', 'unit', 'architecture', 'contracts'),
  {
    name: 'python',
    command: [python('pytest'), '--quiet', `--junitxml=${report('python.xml')}`],
    count: (passed) => junitCount(report('python.xml'), passed),
  },
  vitest('sagemaker', 'sagemaker'),
  vitest('infra', 'infra'),
  {
    name: 'emulator',
    command: [
      'node',
      join(root, 'test/emulator/run.ts'),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report('emulator.json')}`,
    ],
    count: (passed) => vitestCount(report('emulator.json'), passed),
  },
];

async function run({ name, command, count }: Runner): Promise<Count> {
  process.stdout.write(`\n── ${name} ──\n`);
  const started = performance.now();
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    },
  });
  const code = await once(child, 'close').then(([status]) => z.number().nullable().parse(status));
  const counted = count(code === 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${name}: ${counted.passed} passed, ${counted.failed} failed (${seconds} s)\n`);
  return counted;
}

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = runners.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0) {
  process.stderr.write(
    `there is no suite '${positionals.join(' ')}'; there are: ${runners.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}
if (existsSync(reports)) rmSync(reports, { recursive: true });
mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0 };
const failing: string[] = [];
for (const runner of chosen) {
  const { passed, failed } = await run(runner);
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failing.push(runner.name);
}
if (failing.length > 0) process.stdout.write(`\nfailing: ${failing.join(', ')}\n`);
const summary = `${total.passed} passed, ${total.failed} failed`;
writeFileSync(report('summary.txt'), `${summary}\n`);
process.stdout.write(`\n${summary}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
