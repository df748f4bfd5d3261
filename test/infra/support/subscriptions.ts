import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { root } from './checkout.ts';

const eventContract = z.object({
  source: z.string(),
  detailType: z.string(),
  detail: z.instanceof(z.ZodObject),
});
export type Contract = z.infer<typeof eventContract>;

/** Every event contract of `lambdas/contracts`, by the name that it is exported by. */
async function eventContracts(): Promise<ReadonlyMap<string, Contract>> {
  const folder = join(root, 'lambdas/contracts');
  const modules = await Promise.all(
    readdirSync(folder).map((file): Promise<unknown> => import(pathToFileURL(join(folder, file)).href)),
  );
  const exported = modules.flatMap((module) =>
    Object.entries(z.record(z.string(), z.unknown()).parse(module)),
  );
  return new Map(
    exported.flatMap(([name, value]) => {
      const parsed = eventContract.safeParse(value);
      return parsed.success ? [[name, parsed.data] as const] : [];
    }),
  );
}

/** The contracts that each handler consumes, read from its wiring: `queueConsumer([on(contract, …), …])`. */
export async function subscriptionsByHandler(): Promise<ReadonlyMap<string, readonly Contract[]>> {
  const contracts = await eventContracts();
  const folder = join(root, 'lambdas/handlers');
  return new Map(
    readdirSync(folder).flatMap((handler) => {
      const source = readFileSync(join(folder, handler, 'index.ts'), 'utf8');
      if (!source.includes('queueConsumer(')) return [];
      const names = [...source.matchAll(/\bon\((\w+),/g)].map(([, name]) => name ?? '');
      const consumed = names.map((name) => {
        const contract = contracts.get(name);
        if (!contract)
          throw new Error(`${handler} subscribes to ${name}, which lambdas/contracts does not export`);
        return contract;
      });
      if (consumed.length === 0)
        throw new Error(`${handler} is a queue consumer, but its wiring names no contract`);
      return [[handler, consumed] as const];
    }),
  );
}
