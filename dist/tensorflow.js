import { serveLayers } from "./index.js";
await serveLayers((file) => import(file));
