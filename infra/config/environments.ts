import { environmentNames, type EnvironmentName } from '../../lambdas/contracts/deployment.ts';

/** Processor and system that a function's native parts are chosen for. */
export interface FunctionPlatform {
  readonly os: 'linux' | 'darwin';
  readonly cpu: 'x64' | 'arm64';
}

/**
 * Everything in which one deployment differs from another. Stacks and constructs are given values from here and never
 * ask which environment they are in.
 */
export interface Environment {
  /** First part of every physical name; stacks are `<prefix>-data` and so on. */
  readonly prefix: string;
  /**
   * Who runs a training job: `sagemaker` is Step Functions' own integration, which waits for the job;
   * `task-token` sends the same request from a function, and an event answers the waiting state.
   */
  readonly trainingCompute: 'sagemaker' | 'task-token';
  /** Who may call the HTTPS endpoint: principals signed by IAM, or anyone who reaches it. */
  readonly authorization: 'iam' | 'none';
  /** Multiplies every duration of a project: bake times and cool-downs. */
  readonly timeScale: number;
  /** What becomes of data when the stack is deleted. */
  readonly dataRemoval: 'retain' | 'destroy';
  readonly functionPlatform: FunctionPlatform;
  readonly logRetentionDays: 7 | 30 | 365;
  /** Requests a second that the endpoint takes before it answers 429, and how many at once beyond that. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Tag of the trainer's image in this deployment's own repository. */
  readonly imageTag: string;
  /** Shards of the capture stream: each takes 1,000 requests and 1 MB a second, and is paid by the hour. */
  readonly captureShards: number;
  /** Time a capture batch waits to fill, in seconds. */
  readonly captureWindowSeconds: number;
}

/** Managed Lambda's own platform: x86_64, where onnxruntime-node is known to be steady. */
const lambdaPlatform: FunctionPlatform = { os: 'linux', cpu: 'x64' };

const onAws = {
  trainingCompute: 'sagemaker',
  authorization: 'iam',
  timeScale: 1,
  dataRemoval: 'retain',
  functionPlatform: lambdaPlatform,
  logRetentionDays: 30,
  throttle: { ratePerSecond: 500, burst: 1000 },
  imageTag: '1',
  captureShards: 1,
  captureWindowSeconds: 5,
} satisfies Omit<Environment, 'prefix'>;

/** @param host platform of the machine that synthesizes: the local cloud's functions are its processes */
export function environments(host: FunctionPlatform): Readonly<Record<EnvironmentName, Environment>> {
  return {
    local: {
      ...onAws,
      prefix: 'millrace-local',
      trainingCompute: 'task-token',
      authorization: 'none',
      timeScale: 0.01,
      dataRemoval: 'destroy',
      functionPlatform: host,
      logRetentionDays: 7,
      captureWindowSeconds: 0,
    },
    dev: { ...onAws, prefix: 'millrace-dev', dataRemoval: 'destroy', logRetentionDays: 7 },
    staging: { ...onAws, prefix: 'millrace-staging' },
    prod: { ...onAws, prefix: 'millrace-prod', logRetentionDays: 365 },
  };
}

/** @throws a sentence that names what there is */
export function environmentOf(name: string | undefined, host: FunctionPlatform): Environment {
  const known = environmentNames.join(', ');
  if (name === undefined) throw new Error(`which environment? Add -c env=<name>, one of: ${known}`);
  const found = environmentNames.find((candidate) => candidate === name);
  if (!found) throw new Error(`there is no environment '${name}'; there are: ${known}`);
  return environments(host)[found];
}
