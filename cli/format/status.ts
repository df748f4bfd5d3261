import type { DeploymentStatus, ProjectStatus } from '../client/status.ts';
import type { Paint } from '../output.ts';
import { formatMetrics } from './metrics.ts';
import { printable } from './printable.ts';
import { ago, span } from './time.ts';

/** A deployment at a glance: a few lines for each project. */
export function formatStatus(status: DeploymentStatus, now: Date, paint: Paint): string {
  const place = status.endpoint === undefined ? 'AWS' : `local cloud at ${status.endpoint}`;
  const head = [
    `${paint('bold', status.prefix)} · ${place}`,
    ...labelled([
      ['api', status.apiUrl],
      ['upload to', `s3://${status.rawBucket}/<project>/`],
    ]),
  ];
  if (status.projects.length === 0) head.push('', 'no projects: add a folder to projects/ and deploy again');
  return [...head, ...status.projects.flatMap((project) => ['', ...formatProject(project, now, paint)])].join(
    '\n',
  );
}

function formatProject(project: ProjectStatus, now: Date, paint: Paint): string[] {
  return [
    paint('bold', project.project),
    ...labelled([
      ['champion', championText(project)],
      ['challenger', project.challenger && versionText(project.challenger)],
      ['previous', project.previous === undefined ? undefined : `version ${project.previous}`],
      ['dataset', datasetText(project, now)],
      ['training', trainingText(project, now)],
      ['decision', decisionText(project, now)],
      ['drift', driftText(project, now)],
      ['predict', `POST ${project.predictUrl}`],
    ]),
  ];
}

function labelled(lines: readonly (readonly [string, string | undefined])[]): string[] {
  return lines.flatMap(([label, text]) =>
    text === undefined ? [] : [`  ${label.padEnd(11)} ${printable(text)}`],
  );
}

function versionText({ version, weightPercent }: { version: number; weightPercent: number }): string {
  return `version ${version}, ${weightPercent} % of the traffic`;
}

function championText({ champion, project }: ProjectStatus): string {
  return champion ? versionText(champion) : `no model yet: millrace upload ${project} <file>`;
}

function datasetText({ dataset }: ProjectStatus, now: Date): string {
  if (!dataset) return 'empty';
  return `${counted(dataset.rows, 'row')} in ${counted(dataset.entries, 'upload')}, ${ago(dataset.updatedAt, now)}`;
}

function trainingText({ activeRun, lastRun }: ProjectStatus, now: Date): string {
  if (activeRun) {
    const since = span(now.getTime() - Date.parse(activeRun.requestedAt));
    return `${activeRun.state} for ${since}: ${activeRun.runId}`;
  }
  if (!lastRun) return 'never';
  const ended = lastRun.finishedAt === undefined ? '' : `, ${ago(lastRun.finishedAt, now)}`;
  const detail = lastRun.state === 'failed' ? lastRun.reasons[0] : formatMetrics(lastRun.metrics);
  return `${lastRun.state}${ended}: ${[lastRun.runId, detail].filter(Boolean).join(', ')}`;
}

function decisionText({ lastDecision }: ProjectStatus, now: Date): string | undefined {
  if (!lastDecision) return undefined;
  const { answer, cause, at, reasons } = lastDecision;
  return `${answer} (${cause}), ${ago(at, now)}: ${reasons.join('; ')}`;
}

function driftText({ drift }: ProjectStatus, now: Date): string | undefined {
  const window = drift.lastWindow;
  if (!window) return undefined;
  const drifted = window.features.filter((feature) => feature.drifted);
  const verdict = window.drifted
    ? `drifted for ${counted(drift.driftedInARow, 'window')} in a row`
    : 'no drift';
  const worst = [...drifted].sort((a, b) => b.psi - a.psi).slice(0, 3);
  const named = worst.map(({ feature, psi }) => `${feature} (PSI ${psi.toFixed(2)})`).join(', ');
  const share = `${drifted.length} of ${counted(window.features.length, 'feature')} moved`;
  return (
    `${verdict}, ${ago(window.closedAt, now)}: window ${window.number} of version ${window.version}, ` +
    `${share}${named === '' ? '' : `: ${named}`}`
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
