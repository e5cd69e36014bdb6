import { MachineSnapshots } from "@mycloud/protocol/machine";
import { FolderPage, maximumFolderPage, SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import { z } from "zod";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { findNotes } from "../snapshot-note/store.ts";
import { SnapshotParams, snapshotAddress } from "./snapshot-address.ts";
import { PeoplesPath } from "./view-path.ts";
import { noteBrowsing, repositoryOf, snapshotOf, type Viewing } from "./viewing.ts";

const FolderQuery = z.object({
  path: PeoplesPath.default("/"),
  sort: z.enum(["name", "sizeBytes", "modifiedAtMs"]).default("name"),
  order: z.enum(["asc", "desc"]).default("asc"),
  nameContains: z.string().max(255).default(""),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(maximumFolderPage).default(200),
});

/** Snapshots, and what is in them. */
export function createBrowseRoutes(viewing: Viewing): Route[] {
  const { database, ask } = viewing;
  return [
    route({
      method: "get",
      path: "/api/v1/backup-repositories/:id/snapshots",
      summary: "List the snapshots of a repository, oldest first, with holds, notes and labels",
      access: forViewers,
      params: IdParams,
      answer: MachineSnapshots,
      handle: async ({ params, ...onlooker }): Promise<MachineSnapshots> => {
        const { id } = await repositoryOf(viewing, onlooker, params.id);
        const { head } = await ask(id, { kind: "snapshots" }, { signal: onlooker.signal });
        const notes = await findNotes(database.db, id);
        const snapshots = head.snapshots.map((snapshot) => ({
          ...snapshot,
          ...(notes.get(snapshot.id) ?? { note: "", labels: [] }),
        }));
        return { snapshots };
      },
    }),
    route({
      method: "get",
      path: `${snapshotAddress}/folder`,
      summary: "Show a folder of a snapshot, page by page",
      access: forViewers,
      params: SnapshotParams,
      query: FolderQuery,
      answer: FolderPage,
      handle: async ({ params, query, ...onlooker }): Promise<FolderPage> => {
        const { repository, snapshotId } = await snapshotOf(viewing, onlooker, params.id, params.snapshotId);
        const { signal } = onlooker;
        const { head } = await ask(repository.id, { kind: "folder", snapshotId, ...query }, { signal });
        await noteBrowsing(viewing, onlooker, repository);
        return head.page;
      },
    }),
    route({
      method: "get",
      path: `${snapshotAddress}/entry`,
      summary: "Show one file or folder of a snapshot",
      access: forViewers,
      params: SnapshotParams,
      query: z.object({ path: PeoplesPath }),
      answer: SnapshotEntry,
      handle: async ({ params, query: { path }, ...onlooker }): Promise<SnapshotEntry> => {
        const { repository, snapshotId } = await snapshotOf(viewing, onlooker, params.id, params.snapshotId);
        const { signal } = onlooker;
        const { head } = await ask(repository.id, { kind: "entry", snapshotId, path }, { signal });
        await noteBrowsing(viewing, onlooker, repository);
        return head.entry;
      },
    }),
  ];
}
