import type { AskAgent } from "../agent-question/index.ts";
import type { Core, Part } from "../part.ts";
import { createStaffAccess } from "../staff-access/index.ts";
import { createChangeRoutes } from "./change-routes.ts";
import { createContentRoutes } from "./content-routes.ts";
import { createFolderRoutes } from "./folder-routes.ts";
import type { LiveFiles } from "./live-machine.ts";

/** Wires the file manager of live machines. */
export function createLiveFilesPart(core: Core, { askAgent }: { readonly askAgent: AskAgent }): Part {
  const { database, audit } = core;
  const files: LiveFiles = { database, audit, ask: askAgent, staff: createStaffAccess(core) };
  return {
    name: "live-file",
    routes: [...createFolderRoutes(files), ...createContentRoutes(files), ...createChangeRoutes(files)],
  };
}
