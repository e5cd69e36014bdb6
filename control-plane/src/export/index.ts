// Everything that is defined, written out. A small installation is read at once; of a large one a thread reads in pages (`export-worker.ts`,
// `read-definitions.ts`), with its own sight of the database, so that results are taken meanwhile, and keeps what it has read compressed until whoever asked
// takes it: a slow reader holds neither the database nor much memory. One is read at a time.
export { createExports, type Exports, type ExportsDependencies } from "./create-exports.ts";
export { createExportRoutes } from "./routes.ts";
