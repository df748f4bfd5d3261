import { z } from 'zod';
import { instant, modelVersion, projectName, s3Uri } from './primitives.ts';

const target = z.object({
  version: modelVersion,
  /** Prefix that holds `model.onnx`, `manifest.json` and `signature.dsse.json`. */
  artifactUri: s3Uri,
});
export type RouteTarget = z.infer<typeof target>;

/**
 * The routing table's one row for a project: which version answers which share of the traffic.
 * It changes only by a write conditional on `revision`, so that of two writers one loses and reads again.
 */
export const routingTable = z.object({
  project: projectName,
  revision: z.int().positive(),
  /** Gets what the challenger does not. */
  champion: target,
  challenger: target.extend({ weightPercent: z.int().min(0).max(99) }).optional(),
  /** Champion before the present one: where a rollback leads. */
  previous: target.optional(),
  updatedAt: instant,
});
export type RoutingTable = z.infer<typeof routingTable>;
