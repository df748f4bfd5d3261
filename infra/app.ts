import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Application } from './application.ts';
import { environmentOf, type FunctionPlatform } from './config/environments.ts';
import { loadProjects } from './load-projects.ts';

/** Local functions are processes of this machine, so their native parts are this machine's. */
function hostPlatform(): FunctionPlatform {
  const { platform, arch } = process;
  if ((platform === 'linux' || platform === 'darwin') && (arch === 'x64' || arch === 'arm64')) {
    return { os: platform, cpu: arch };
  }
  throw new Error(`Millrace runs on Linux and macOS, x64 and arm64; this is ${platform} ${arch}`);
}

try {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  // Read without synthesizing: the application below is the one app of this process.
  const given: unknown = new App({ autoSynth: false }).node.tryGetContext('env');
  const name = typeof given === 'string' ? given : undefined;
  const environment = environmentOf(name, hostPlatform());
  new Application({ environment, projects: await loadProjects(root), root }).synth();
} catch (error) {
  // A sentence for what a person can mend; the stack trace for what is ours to mend.
  process.stderr.write(
    `${process.env['MILLRACE_DEBUG'] && error instanceof Error ? error.stack : String(error instanceof Error ? error.message : error)}\n`,
  );
  process.exitCode = 1;
}
