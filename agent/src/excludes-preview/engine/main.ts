// The process that counts what rules leave out.
import { serveEngine } from "../../engine-process/serve-engine.ts";
import { previewExcludes } from "./preview-excludes.ts";
import { PreviewTask } from "./preview-message.ts";

serveEngine(PreviewTask, previewExcludes);
