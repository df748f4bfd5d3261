import { join } from 'node:path';
import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Architecture, Code, Function, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { NativePackage } from '../bundling/native-packages.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { acknowledge } from './acknowledge.ts';

/** A handler's variables as infrastructure gives them: the names of its schema, each a string. */
export type Variables<Env> = { readonly [Name in keyof Env]: string };

export interface HandlerFunctionProps<Env> {
  readonly context: DeploymentContext;
  /** Folder under `lambdas/handlers`. */
  readonly handler: string;
  /** Must satisfy the handler's `env.ts`: a missing or misspelt variable does not compile. */
  readonly environment: Variables<Env>;
  /** Packages with native parts that the handler loads. @default none */
  readonly native?: readonly NativePackage[];
  /** Whether the handler reads the projects. @default false */
  readonly readsProjects?: boolean;
  /** In MiB. A function's share of a processor grows with it. @default 512 */
  readonly memoryMiB?: number;
  /** @default 30 seconds */
  readonly timeout?: Duration;
  /** Room under /tmp, in MiB. @default 512, which is free */
  readonly temporaryMiB?: number;
  /** @default no limit but the account's */
  readonly reservedConcurrency?: number;
}

/** One handler of `lambdas/handlers` as a Lambda function, with its own log group and the house's defaults. */
export class HandlerFunction<Env> extends Construct {
  readonly function: Function;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps<Env>) {
    super(scope, id);
    const { context, handler } = props;
    this.timeout = props.timeout ?? Duration.seconds(30);
    const functionName = `${context.environment.prefix}-${handler}`;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: context.logRetention,
      removalPolicy: context.disposable,
    });
    const shared: Omit<FunctionProps, 'code'> = {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      architecture:
        context.environment.functionPlatform.cpu === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      memorySize: props.memoryMiB ?? 512,
      timeout: this.timeout,
      tracing: Tracing.ACTIVE,
      logGroup,
      environment: {
        ...(props.environment as Record<string, string>),
        POWERTOOLS_SERVICE_NAME: handler,
      },
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      ...(props.temporaryMiB !== undefined && { ephemeralStorageSize: Size.mebibytes(props.temporaryMiB) }),
    };
    this.function = new Function(this, 'Function', { ...shared, code: codeOf(this, props) });
    acknowledge(this.function, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
        'The managed policy grants what every function needs: writing its own logs.',
    });
  }
}

/** Template tests switch bundling off; then the handler's sources stand for its bundle. */
function codeOf<Env>(scope: Construct, props: HandlerFunctionProps<Env>): Code {
  const { context, handler } = props;
  if (!Stack.of(scope).bundlingRequired)
    return Code.fromAsset(join(context.root, 'lambdas/handlers', handler));
  const folder = context.bundles.folderOf(handler, {
    native: props.native ?? [],
    withProjects: props.readsProjects ?? false,
  });
  return Code.fromAsset(folder);
}
