import { serveFits } from './factory/fit-worker.ts';

serveFits();
