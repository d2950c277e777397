#!/usr/bin/env node
import { runCli } from "./index.js";
import { fileURLToPath } from "node:url";
process.exitCode = await runCli(process.argv.slice(2), fileURLToPath(new URL("./fit-worker.js", import.meta.url)));
