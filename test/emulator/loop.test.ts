import { afterAll, describe } from 'vitest';
import { badPredictions } from './chapters/bad-predictions.ts';
import { badUploads } from './chapters/bad-uploads.ts';
import { beforeAnyModel } from './chapters/before-any-model.ts';
import { driftAndRollout } from './chapters/drift-and-rollout.ts';
import { failingTraining } from './chapters/failing-training.ts';
import { firstModel } from './chapters/first-model.ts';
import { firstUpload } from './chapters/first-upload.ts';
import { predictions } from './chapters/predictions.ts';
import { rejectedChallenger } from './chapters/rejected-challenger.ts';
import { repeatedEvents } from './chapters/repeated-events.ts';
import { rollback } from './chapters/rollback.ts';
import { tamperedModel } from './chapters/tampered-model.ts';
import { openWorld } from './support/world.ts';

const world = await openWorld();
afterAll(() => world.close());

/** One deployment lives through all of this, in this order: each chapter begins where the one before ended. */
describe('before any model', () => beforeAnyModel(world));
describe('bad uploads', () => badUploads(world));
describe('the first upload', () => firstUpload(world));
describe('the first model', () => firstModel(world));
describe('predictions', () => predictions(world));
describe('bad predictions', () => badPredictions(world));
describe('a challenger that is no better', () => rejectedChallenger(world));
describe('training that fails', () => failingTraining(world));
describe('drift', () => driftAndRollout(world));
describe('rollback', () => rollback(world));
describe('a tampered model', () => tamperedModel(world));
describe('events that come again', () => repeatedEvents(world));
