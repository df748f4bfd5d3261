import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { formatLogEntry } from '../../../cli/format/log-entry.ts';
import { formatModels } from '../../../cli/format/models.ts';
import { formatPredictions } from '../../../cli/format/predictions.ts';
import { formatRuns } from '../../../cli/format/runs.ts';
import { formatStatus } from '../../../cli/format/status.ts';
import { table } from '../../../cli/format/table.ts';
import { ago, span } from '../../../cli/format/time.ts';
import { formatVerdict } from '../../../cli/format/verdict.ts';
import { createOutput } from '../../../cli/output.ts';
import type { Paint } from '../../../cli/output.ts';
import { datasetHead, decisionRecord, objectRecord, runRecord } from '../../../lambdas/contracts/ledger.ts';
import { windowRecord } from '../../../lambdas/contracts/monitor-records.ts';
import { datasetItem, decisionItem, instantOf, runItem, windowItem } from './records.ts';

const plain: Paint = (_, text) => text;
const marked: Paint = (style, text) => `<${style}>${text}</>`;
const now = new Date(instantOf(10));
const raw = { bucket: 'raw', key: 'wine/a.csv', versionId: 'v1' };

describe('a table', () => {
  test('aligns columns, numbers to the right, and pads no line', () => {
    expect(
      table(
        ['N', 'NAME', 'WHAT'],
        [
          [1, 'a', 'x'],
          [100, 'long', undefined],
        ],
        plain,
      ),
    ).toBe('  N  NAME  WHAT\n  1  a     x\n100  long  -');
  });

  test('colours after aligning', () => {
    expect(
      table(
        ['A', 'B'],
        [
          [{ text: 'x', style: 'red' }, 'y'],
          ['wide', 'z'],
        ],
        marked,
      ),
    ).toBe('<bold>A     B</>\n<red>x   </>  y\nwide  z');
  });

  test('lets no control character through', () => {
    expect(table(['A'], [['\u001B[2Jgone\nline\ttab']], plain)).toBe('A\n\uFFFD[2Jgone\uFFFDline tab');
  });
});

test.each([
  [-5, '0.0 s'],
  [420, '0.4 s'],
  [119_000, '119 s'],
  [180_000, '3 min'],
  [7_200_000, '2 h'],
  [864_000_000, '10 d'],
])('%i ms is %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});

test('ago counts from the instant', () => {
  expect(ago(instantOf(7), now)).toBe('3 min ago');
});

test('output to something that is no terminal has no colours', () => {
  expect(createOutput(new PassThrough(), false).paint('red', 'text')).toBe('text');
});

describe('the verdict on an upload', () => {
  const object = objectRecord.parse({
    project: 'wine',
    record: 'object#a',
    raw,
    verdict: 'accepted',
    rows: 40,
    at: instantOf(0),
  });

  test('accepted says how large the dataset is now', () => {
    const dataset = datasetHead.parse(datasetItem);
    expect(formatVerdict({ object, dataset, report: undefined }, plain)).toBe(
      'accepted: 40 rows, the dataset now has 120',
    );
  });

  test('rejected names row, column and rule', () => {
    const report = {
      schemaVersion: 1 as const,
      project: 'wine',
      rawObject: raw,
      rawUri: 's3://raw/wine/a.csv',
      bytes: 10,
      rejectedAt: instantOf(0),
      violations: [
        { rule: 'type', column: 'alcohol', rows: [3, 9], count: 2, message: "'abc' is not a number" },
        { rule: 'minimum', column: 'ash', rows: [1, 2, 3, 4, 5, 6, 7], count: 120, message: '-1 is below 0' },
        { rule: 'utf8', rows: [], count: 1, message: 'byte 17 is not UTF-8' },
      ],
    };
    const text = formatVerdict(
      { object: { ...object, verdict: 'rejected' }, dataset: undefined, report },
      plain,
    );
    expect(text.split('\n').slice(2)).toEqual([
      'ROW                         COLUMN   RULE     WHAT',
      "3, 9                        alcohol  type     'abc' is not a number",
      '1, 2, 3, 4, 5 … (120 rows)  ash      minimum  -1 is below 0',
      '-                           -        utf8     byte 17 is not UTF-8',
    ]);
  });
});

test('runs show how they ended and why', () => {
  const runs = [
    runRecord.parse(
      runItem('run-2', 5, { state: 'failed', reasons: ['ValueError: no rows'], version: undefined }),
    ),
    runRecord.parse(runItem('run-1', 0)),
  ];
  expect(formatRuns('wine', runs, now, plain).split('\n')).toEqual([
    'RUN    STATE       VERSION  CAUSE     ROWS  REQUESTED   TOOK  RESULT',
    'run-2  failed            -  new-data   120  5 min ago   60 s  ValueError: no rows',
    'run-1  registered        1  new-data   120  10 min ago  60 s  accuracy 0.9561',
  ]);
  expect(formatRuns('wine', [], now, plain)).toContain('no runs yet');
});

test('models show alias, traffic and approval', () => {
  const version = {
    version: 3,
    modelPackageArn: 'arn',
    approval: 'Approved' as const,
    approvalDescription: 'by policy',
    description: undefined,
    createdAt: instantOf(0),
    metadata: undefined,
    alias: 'challenger' as const,
    weightPercent: 10,
  };
  expect(formatModels('wine', [version], now, plain).split('\n')[1]).toBe(
    '      3  challenger  10 %     Approved  10 min ago  -    by policy',
  );
});

test('predictions are rows with a column for each class, or values', () => {
  const head = { model: 'wine', version: 2, inferenceId: 'i-1' };
  const classes = [{ label: 'red', probabilities: { red: 0.9, white: 0.1 } }];
  expect(formatPredictions({ ...head, predictions: classes }, plain)).toBe(
    'ROW  PREDICTION  P(red)  P(white)\n  1  red         0.9000  0.1000\n\nwine version 2, inference i-1',
  );
  expect(formatPredictions({ ...head, predictions: [{ value: 1.25 }] }, plain)).toContain(
    'ROW  PREDICTION\n  1        1.25',
  );
});

test('a log line shows its time and source; further lines are indented', () => {
  const entry = {
    at: '2026-11-21T08:00:01.250Z',
    kind: 'function',
    source: 'serve',
    message: 'Error: x\n  at y\u0007',
  } as const;
  expect(formatLogEntry(entry, plain)).toBe('08:00:01.250 serve Error: x\n      at y\uFFFD');
});

describe('status', () => {
  const empty = {
    project: 'beer',
    champion: undefined,
    challenger: undefined,
    previous: undefined,
    dataset: undefined,
    activeRun: undefined,
    lastRun: undefined,
    lastDecision: undefined,
    drift: { lastWindow: undefined, driftedInARow: 0 },
    predictUrl: 'http://api/models/beer/predict',
  };
  const deployment = {
    environment: 'local',
    prefix: 'millrace-local',
    endpoint: 'http://127.0.0.1:4566',
    apiUrl: 'http://api',
    rawBucket: 'raw',
    projects: [empty],
  };

  test('before the first upload says what to do', () => {
    expect(formatStatus(deployment, now, plain)).toContain(
      'beer\n  champion    no model yet: millrace upload beer <file>\n  dataset     empty\n  training    never\n',
    );
  });

  test('a busy project shows traffic, reasons and the features that moved', () => {
    const busy = {
      ...empty,
      champion: { version: 2, weightPercent: 90 },
      challenger: { version: 3, weightPercent: 10 },
      previous: 1,
      dataset: datasetHead.parse(datasetItem),
      activeRun: runRecord.parse(runItem('run-2', 8, { state: 'running', finishedAt: undefined })),
      lastDecision: decisionRecord.parse(decisionItem('d', 4)),
      drift: { lastWindow: windowRecord.parse(windowItem(7, 9)), driftedInARow: 2 },
    };
    const lines = formatStatus({ ...deployment, projects: [busy] }, now, plain)
      .split('\n')
      .slice(5);
    expect(lines).toEqual([
      '  champion    version 2, 90 % of the traffic',
      '  challenger  version 3, 10 % of the traffic',
      '  previous    version 1',
      '  dataset     120 rows in 2 uploads, 10 min ago',
      '  training    running for 2 min: run-2',
      '  decision    declined (drift), 6 min ago: the last training started 2 minutes ago, the cool-down is 60',
      '  drift       drifted for 2 windows in a row, 60 s ago: window 7 of version 2, 1 of 2 features moved: alcohol (PSI 0.41)',
      '  predict     POST http://api/models/beer/predict',
    ]);
  });
});
