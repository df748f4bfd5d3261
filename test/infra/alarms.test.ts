import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { policyDocument } from './support/permissions.ts';
import { only, resourcesOf } from './support/resources.ts';
import { runbookAnchors } from './support/runbook.ts';
import { deploymentOf } from './support/synthesis.ts';

const alarm = z.object({
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()).default([]),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});

const prod = deploymentOf('prod');
const topic = only(resourcesOf(prod, 'AWS::SNS::Topic', z.unknown()), 'topic');
const alarms = resourcesOf(prod, 'AWS::CloudWatch::Alarm', alarm);

describe('alarms', () => {
  it.each(alarms)('$id tells the topic, what it means and where the runbook says more', ({ properties }) => {
    expect(properties.AlarmActions).toEqual([topic.arn]);
    const anchor = /docs\/runbook\.md#(?<anchor>[\w-]+)/.exec(properties.AlarmDescription)?.groups?.[
      'anchor'
    ];
    expect(runbookAnchors()).toContain(anchor);
  });

  it('may publish: the statement that demands TLS replaced the policy by which they could', () => {
    const schema = z.object({ Topics: z.array(z.string()), PolicyDocument: policyDocument });
    const { properties } = only(resourcesOf(prod, 'AWS::SNS::TopicPolicy', schema), 'topic policy');
    expect(properties.Topics).toEqual([topic.arn]);
    expect(properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['sns:Publish'],
        Resource: [topic.arn],
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      }),
    );
  });

  it.each(['training', 'rollout'])(
    'of the %s machine ring when an execution fails or takes too long',
    (name) => {
      const machine = only(
        resourcesOf(
          prod,
          'AWS::StepFunctions::StateMachine',
          z.object({ StateMachineName: z.string() }),
        ).filter(({ properties }) => properties.StateMachineName === `millrace-prod-${name}`),
        `machine ${name}`,
      );
      const watching = alarms.filter(({ properties }) =>
        properties.Dimensions.some(({ Name, Value }) => Name === 'StateMachineArn' && Value === machine.arn),
      );
      expect(watching.map(({ properties }) => properties.MetricName).toSorted()).toEqual([
        'ExecutionsFailed',
        'ExecutionsTimedOut',
      ]);
    },
  );
});
