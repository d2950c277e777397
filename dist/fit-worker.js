import { serveFits } from "./index.js";
serveFits();
