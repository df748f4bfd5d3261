import { globSync } from 'node:fs';
import { root } from './markdown.ts';

/** TypeScript of the rooms that speak to people, relative to the checkout. */
export function sourceFiles(): string[] {
  return globSync('{infra,lambdas,pipelines,cli,local}/**/*.ts', { cwd: root }).toSorted();
}
