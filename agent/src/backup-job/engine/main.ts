// The process that does a backup's work.
import { serveEngine } from "../../engine-process/serve-engine.ts";
import { backUpJob } from "./back-up-job.ts";
import { EngineTask } from "./engine-message.ts";

serveEngine(EngineTask, backUpJob);
