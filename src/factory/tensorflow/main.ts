import { serveLayers } from './child.ts';

await serveLayers((file) => import(file));
