import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './checkout.ts';

/** What a person's shell may hold: each would lead a careless program to an account, a region or a server. */
const hostile = {
  AWS_PROFILE: 'somebody-else',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wrong',
  AWS_SESSION_TOKEN: 'expired',
  AWS_REGION: 'mars-north-1',
  AWS_DEFAULT_REGION: 'mars-north-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ROLE_ARN: 'arn:aws:iam::999999999999:role/nobody',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Runs the CDK's command line in the checkout, with an empty home and an environment that lies about AWS. */
export async function cdk(home: string, ...args: readonly string[]) {
  const child = spawn(
    join(root, 'node_modules/.bin/cdk'),
    [...args, '--no-color', '--output', join(home, 'cdk.out')],
    {
      cwd: root,
      env: {
        PATH: [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
        HOME: home,
        ...hostile,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, stdout, stderr, output: join(home, 'cdk.out') };
}
