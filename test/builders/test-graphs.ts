import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type TestGraph = 'classification-1' | 'classification-2' | 'regression' | 'mixed';

/** The graphs that `make_model.py` describes, by name, made by the repository's own Python. */
export function makeTestGraphs(): Record<TestGraph, Uint8Array> {
  const root = resolve(import.meta.dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'millrace-graphs-'));
  try {
    execFileSync(join(root, '.venv/bin/python'), [join(import.meta.dirname, 'make_model.py'), folder]);
    const read = (name: TestGraph): Uint8Array => readFileSync(join(folder, `${name}.onnx`));
    return {
      'classification-1': read('classification-1'),
      'classification-2': read('classification-2'),
      regression: read('regression'),
      mixed: read('mixed'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
