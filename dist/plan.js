import { runAction } from "./index.js";
import { fileURLToPath } from "node:url";
await runAction("plan", fileURLToPath(new URL("./fit-worker.js", import.meta.url)));
