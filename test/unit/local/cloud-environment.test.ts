import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cloudEnvironment } from '../../../local/cloud-environment.ts';
import { LocalCloudError } from '../../../local/loopback.ts';

const endpoint = 'http://127.0.0.1:4566';

/** What a developer's shell may hold, each of which could lead to a real account. */
const hostile = {
  PATH: '/usr/bin',
  HOME: '/home/somebody',
  AWS_PROFILE: 'production',
  AWS_DEFAULT_PROFILE: 'production',
  AWS_ACCESS_KEY_ID: 'AKIAREAL',
  AWS_SECRET_ACCESS_KEY: 'real',
  AWS_SESSION_TOKEN: 'real',
  AWS_SECURITY_TOKEN: 'real',
  AWS_REGION: 'eu-west-1',
  AWS_ENDPOINT_URL: 'https://sts.amazonaws.com',
  AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com',
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/admin',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.2/',
  AWS_CONFIG_FILE: '/home/somebody/.aws/config',
  AWS_SHARED_CREDENTIALS_FILE: '/home/somebody/.aws/credentials',
  aws_profile: 'production',
  CDK_DEFAULT_ACCOUNT: '123456789012',
  LOCALSTACK_API_KEY: 'real',
  HTTPS_PROXY: 'http://proxy.example.org',
  https_proxy: 'http://proxy.example.org',
  all_proxy: 'socks://proxy.example.org',
};

const expectedAws = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_SAGEMAKER: 'http://127.0.0.1:4567',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/checkout/.millrace/no-aws-config',
  AWS_SHARED_CREDENTIALS_FILE: '/checkout/.millrace/no-aws-credentials',
};

const risky = (environment: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(aws|cdk|localstack)_|_proxy$/i.test(name)),
  );

describe('the environment of the local cloud', () => {
  const made = cloudEnvironment(
    '/checkout',
    { endpoint, sageMakerEndpoint: 'http://127.0.0.1:4567' },
    hostile,
  );

  it('has dummy keys and our endpoints, and nothing else of AWS or of proxies', () => {
    expect(risky(made)).toEqual({ ...expectedAws, NO_PROXY: '127.0.0.1,localhost,::1' });
    expect(JSON.stringify(made)).not.toMatch(/real|production|123456789012|example\.org/i);
  });

  it('keeps the rest, with our Node first in the path', () => {
    expect(made['HOME']).toBe('/home/somebody');
    expect(made['PATH']).toBe(`/checkout/node_modules/.bin${delimiter}/usr/bin`);
  });

  it('is all that a process of the local cloud sees', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'JSON.stringify(process.env)'], {
      env: made,
    });
    const seen = z.record(z.string(), z.string()).parse(JSON.parse(stdout));
    expect(risky(seen)).toEqual(risky(made));
  });

  it('is not made for an endpoint that is not on this machine', () => {
    const away = 'https://dynamodb.us-east-1.amazonaws.com';
    expect(() => cloudEnvironment('/checkout', { endpoint: away }, {})).toThrow(LocalCloudError);
    expect(() => cloudEnvironment('/checkout', { endpoint, sageMakerEndpoint: away }, {})).toThrow(
      LocalCloudError,
    );
  });

  it('without a SageMaker server, does not name one', () => {
    expect(cloudEnvironment('/checkout', { endpoint }, hostile)).not.toHaveProperty(
      'AWS_ENDPOINT_URL_SAGEMAKER',
    );
  });
});
