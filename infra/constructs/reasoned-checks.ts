import type { PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Wildcards that the CDK's own grants are made of, or that an action cannot do without, each with its reason. */
const wildcards: readonly { readonly finding: RegExp; readonly reason: string }[] = [
  {
    finding: /^Action::(s3:(GetObject|GetBucket|List|DeleteObject|Abort)|kms:(GenerateDataKey|ReEncrypt))\*$/,
    reason: 'The CDK grants a bucket’s and a key’s actions by their beginning, on that bucket and key alone.',
  },
  {
    finding: /^Resource::[^:]+:ExportsOutputFnGetAtt(Raw|Curated|Artifacts)\w+\/\*(\/runs\/\*)?$/,
    reason: 'All objects of one bucket of this deployment: their names come with the data.',
  },
  {
    finding: /:s3:::cdk-\w+-assets-[^/]+\/\*$/,
    reason: 'The project’s training code lies in the CDK’s asset bucket under the hash of its content.',
  },
  {
    finding: /^Resource::<\w+Function\w+\.Arn>:\*$/,
    reason: 'A machine may call every version of its own functions.',
  },
  {
    finding: /^Resource::\*$/,
    reason: 'Tracing, log delivery and metric data take no resource; metrics are held to one namespace.',
  },
  {
    finding: /:log-group:\/aws\/sagemaker\/TrainingJobs\*$/,
    reason: 'SageMaker names the streams of its own log group.',
  },
  {
    finding: /:sagemaker:[^ ]+:(training-job\/\*|model-package(-group)?\/[\w-]+-\*)$/,
    reason: 'Jobs are named by their run and packages by their project, within this deployment’s prefix.',
  },
  {
    finding: /:states:[^ ]+:execution:.*:\*$/s,
    reason: 'All executions of one machine: they are named by their run.',
  },
];

/**
 * The AwsSolutions rules, where the wildcards listed above are acknowledged with their reason wherever they are found.
 * They are matched as the rule reports them, after references between stacks have become imports; any other finding
 * fails the synthesis.
 */
export class ReasonedChecks extends AwsSolutionsChecks {
  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    for (const { ruleName, violatingResources } of super.validateScope(scope).violations) {
      const finding = /^AwsSolutions-IAM5\[(?<finding>.*)\]$/s.exec(ruleName)?.groups?.['finding'];
      const known = finding && wildcards.find((wildcard) => wildcard.finding.test(finding));
      if (!known) continue;
      // The rule pack adds each finding's construct path, which the framework's type does not tell.
      for (const { constructPath } of violatingResources as readonly { constructPath?: string }[]) {
        if (constructPath) acknowledge(constructAt(scope, constructPath), { [ruleName]: known.reason });
      }
    }
    return super.validateScope(scope);
  }
}

function constructAt(scope: IConstruct, path: string): IConstruct {
  return path.split('/').reduce<IConstruct>((parent, id) => parent.node.findChild(id), scope);
}
