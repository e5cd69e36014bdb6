// The process that does a restore's work.
import { serveEngine } from "../../engine-process/serve-engine.ts";
import { bringBack } from "./bring-back.ts";
import { RestoreTask } from "./restore-message.ts";

serveEngine(RestoreTask, bringBack);
