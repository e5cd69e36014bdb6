import { flushCompileCache } from "node:module";
import { createRecordMaker } from "../../log-shaping/index.ts";
import { serveShipper } from "./serve-shipper.ts";

const flushAfterMs = 10_000;

serveShipper({ createMaker: createRecordMaker });
// Node writes it at the end otherwise, and one that is killed has none: the next would hold the TypeScript compiler in memory again, 20 MB.
setTimeout(flushCompileCache, flushAfterMs).unref();
