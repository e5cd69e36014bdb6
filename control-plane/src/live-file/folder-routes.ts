import { LiveFolder } from "@mycloud/protocol/live-file";
import { z } from "zod";
import { forViewers, type Route, route } from "../http/route.ts";
import { PeoplesPath } from "../smart-view/index.ts";
import { askFiles, type LiveFiles, lastSnapshotAtMs, MachineParams, machineOf } from "./live-machine.ts";

const FolderQuery = z.object({
  path: PeoplesPath.optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
/** Names and sizes are shown page by page: an hour of looking around is one entry. */
const noteBrowsingEveryMs = 60 * 60_000;

/** Folders of live machines. */
export function createFolderRoutes(files: LiveFiles): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/machines/:hostId/files",
      summary: "Show a folder of a live machine, or without a path the folders that can be managed",
      access: forViewers,
      params: MachineParams,
      query: FolderQuery,
      answer: LiveFolder,
      handle: async ({ params, query: { path, offset, limit }, ...asker }): Promise<LiveFolder> => {
        const machine = await machineOf(files, asker, params.hostId);
        const { signal } = asker;
        const answer = await (path === undefined
          ? listRoots()
          : askFiles(files, machine, { kind: "list", path, offset, limit }, "list", { signal }).then(
              ({ head }) => head,
            ));
        await files.staff.note(asker.actor, {
          customer: machine.customer,
          action: "machine-file.browse",
          resourceKind: "host",
          resourceId: machine.id,
          resourceName: machine.name,
          detail: { path: path ?? null },
          onceInMs: noteBrowsingEveryMs,
        });
        const { entry, entries, total } = answer;
        const lastAtMs = entry === null ? null : await lastSnapshotAtMs(files, machine.id, entry.repositoryId);
        return { entry, entries, total, lastSnapshotAtMs: lastAtMs };

        async function listRoots() {
          const { head } = await askFiles(files, machine, { kind: "roots" }, "roots", { signal });
          return { entry: null, entries: head.roots, total: head.roots.length };
        }
      },
    }),
  ];
}
