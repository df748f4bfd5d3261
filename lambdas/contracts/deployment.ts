import { z } from 'zod';

/**
 * What a deployment tells its users, as CloudFormation outputs: stack `<prefix>-<room>`, output keys as below.
 * Infrastructure must give every one of them; the command line and the console read them.
 */
export const deploymentOutputs = {
  data: z.object({
    RawBucketName: z.string().min(1),
    CuratedBucketName: z.string().min(1),
    ArtifactBucketName: z.string().min(1),
    LedgerTableName: z.string().min(1),
    RoutingTableName: z.string().min(1),
    EventBusName: z.string().min(1),
    ModelPackageGroupPrefix: z.string().min(1),
    /** JSON array of the deployed projects' names. */
    Projects: z.string().min(2),
  }),
  training: z.object({
    TrainingMachineArn: z.string().min(1),
    /** `<registry>/<repository>:<tag>`: what the trainer's image is to be pushed as. */
    TrainerImage: z.string().min(1),
  }),
  serving: z.object({
    /** Without a slash at the end. */
    ApiUrl: z.url(),
    RolloutMachineArn: z.string().min(1),
    RollBackFunctionName: z.string().min(1),
    ServeFunctionName: z.string().min(1),
    CaptureStreamName: z.string().min(1),
  }),
  monitoring: z.object({ MonitorsTableName: z.string().min(1) }),
} as const;

export type DeploymentRoom = keyof typeof deploymentOutputs;
export type DeploymentOutputs = {
  readonly [Room in DeploymentRoom]: z.infer<(typeof deploymentOutputs)[Room]>;
};

/** A running local cloud, as `npm start` leaves it in `.millrace/local.json`. */
export const localCloud = z.object({
  /** Stack name prefix of the deployment. */
  prefix: z.string().min(1),
  region: z.string().min(1),
  endpoint: z.url(),
  sageMakerEndpoint: z.url(),
  /** Process id of the `npm start` that holds it up. */
  pid: z.int().positive(),
});
export type LocalCloud = z.infer<typeof localCloud>;

/** The environments a deployment can be for. */
export const environmentNames = ['local', 'dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof environmentNames)[number];
