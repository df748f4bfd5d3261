import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line for each entry; level by POWERTOOLS_LOG_LEVEL, service name by POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();
