/** The engines of the local stack and of the tests, in one place to be found. */
export { type CatcherOptions, type CaughtMessage, type Catcher, startCatcher } from './catcher.js';
export { type Engine, type EngineOptions, StackError } from './engine.js';
export { startMongo } from './mongo.js';
export { startTemporal, type TemporalOptions } from './temporal.js';
