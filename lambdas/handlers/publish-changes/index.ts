import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { publishToBus } from '../../adapters/eventbridge-publisher.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { env } from './env.ts';
import { publishChanges } from './handler.ts';

const { EVENT_BUS_NAME } = readEnvironment(env);

export const handler = publishChanges(publishToBus(new EventBridgeClient(), EVENT_BUS_NAME));
