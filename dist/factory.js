import { runAction } from "./index.js";
import { fileURLToPath } from "node:url";
await runAction("factory", fileURLToPath(new URL("./fit-worker.js", import.meta.url)));
