import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Route } from "../http/route.ts";
import { createSlots } from "../http/slots.ts";
import { createHoldRoutes, createStorageAccess } from "../snapshot-hold/index.ts";
import { createNoteRoutes } from "../snapshot-note/index.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import type { StaffAccess } from "../staff-access/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { createBrowseRoutes } from "./browse-routes.ts";
import { createContentRoutes } from "./content-routes.ts";
import { type AnswerFile, createFileAnswer } from "./file-answer.ts";
import { createSearchRoutes } from "./search-routes.ts";
import { createSnapshotFinder } from "./snapshot-finder.ts";
import type { Viewing } from "./viewing.ts";

export interface SmartViewDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly signer: StorageSigner;
  readonly staff: StaffAccess;
  readonly ask: AskRepository;
  readonly now: () => number;
}

/** The smart view's routes, and what WebDAV shares with them. */
export function createSmartView(deps: SmartViewDependencies): {
  readonly routes: Route[];
  readonly viewing: Viewing;
  readonly answerFile: AnswerFile;
} {
  const slots = createSlots("downloads");
  const finder = createSnapshotFinder(deps);
  const viewing = { ...deps, slots, finder };
  const answerFile = createFileAnswer(viewing);
  const withStorage = createStorageAccess(deps);
  return {
    viewing,
    answerFile,
    routes: [
      ...createBrowseRoutes(viewing),
      ...createContentRoutes(viewing, answerFile),
      ...createSearchRoutes(viewing),
      ...createNoteRoutes(viewing),
      ...createHoldRoutes({ ...viewing, withStorage }),
    ],
  };
}
