import { runAction } from "./index.js";
import { fileURLToPath } from "node:url";
await runAction("deploy", fileURLToPath(new URL("./fit-worker.js", import.meta.url)));
