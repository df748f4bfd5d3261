const digits = 12;
const shape = new RegExp(`^(.+)-[0-9a-f]{${digits}}$`);

/**
 * Name of a run: its execution and its training job are called the same.
 * @param decisionId SHA-256 of the deployment and the cause, so that a doubled event starts one run
 */
export function runIdFor(project: string, decisionId: string): string {
  return `${project}-${decisionId.slice(0, digits)}`;
}

/** The project a run belongs to, or undefined for a name that Millrace did not give. */
export function projectOfRun(runId: string): string | undefined {
  return shape.exec(runId)?.[1];
}
