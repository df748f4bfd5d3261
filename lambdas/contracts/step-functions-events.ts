import { z } from 'zod';
import { defineEvent, type DetailOf } from './define-event.ts';

/** Sent at every change of a standard execution. Times are epoch milliseconds. */
export const executionStatusChanged = defineEvent(
  'aws.states',
  'Step Functions Execution Status Change',
  z.object({
    executionArn: z.string().min(1),
    stateMachineArn: z.string().min(1),
    name: z.string().min(1),
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
  }),
);
export type ExecutionStatusChanged = DetailOf<typeof executionStatusChanged>;
