import { z } from "zod";
import { contentDisposition } from "../http/content-disposition.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { sendContent } from "../http/send-content.ts";
import { type AnswerFile, contentHeaders, slotKeyOf } from "./file-answer.ts";
import { SnapshotParams, snapshotAddress } from "./snapshot-address.ts";
import { oneOrMore, PeoplesPath } from "./view-path.ts";
import { snapshotOf, type Viewing } from "./viewing.ts";

const FileQuery = z.object({
  path: PeoplesPath,
  /** 0: shown in the browser, where it is of a kind that is safe to show. */
  download: z.enum(["0", "1"]).default("1"),
});
const ArchiveQuery = z.object({ path: oneOrMore(PeoplesPath, 1000), format: z.enum(["zip", "tar"]).default("zip") });

/** Files and folders of snapshots, to be taken away. Their answers are streamed. */
export function createContentRoutes(viewing: Viewing, answerFile: AnswerFile): Route[] {
  const { ask, slots, staff } = viewing;
  return [
    route({
      method: "get",
      path: `${snapshotAddress}/file`,
      summary: "Download a file of a snapshot; ranges and versions (ETag) are understood",
      access: forViewers,
      params: SnapshotParams,
      query: FileQuery,
      handle: async ({ params, query: { path, download }, request, response, ...onlooker }) => {
        const { repository, snapshotId } = await snapshotOf(viewing, onlooker, params.id, params.snapshotId);
        const asked = { repository, snapshotId, path, isDownload: download === "1" };
        await answerFile({ request, response, ...onlooker }, asked);
      },
    }),
    route({
      method: "get",
      path: `${snapshotAddress}/archive`,
      summary: "Download files and folders of a snapshot as one zip or tar",
      access: forViewers,
      params: SnapshotParams,
      query: ArchiveQuery,
      handle: async ({ params, query: { path: paths, format }, request, response, ...onlooker }) => {
        const { actor, signal } = onlooker;
        const { repository, snapshotId } = await snapshotOf(viewing, onlooker, params.id, params.snapshotId);
        await staff.note(actor, {
          customer: repository.customer,
          action: "snapshot.download",
          resourceKind: "backup-repository",
          resourceId: repository.id,
          resourceName: repository.path,
          detail: { snapshotId, paths: paths.slice(0, 100), format },
          onceInMs: 0,
        });
        const giveBack = await slots.take(slotKeyOf(actor), signal);
        try {
          const { head, body } = await ask(repository.id, { kind: "archive", snapshotId, paths, format }, { signal });
          if (body === null) throw new Error("an archive was answered without its content");
          const headers = {
            ...contentHeaders,
            "content-type": format === "zip" ? "application/zip" : "application/x-tar",
            "content-disposition": contentDisposition("attachment", head.fileName),
          };
          // Its length is known in the end only: that it is whole is told by the last chunk.
          await sendContent(response, { status: 200, headers, lengthBytes: null, body }, { signal });
        } finally {
          giveBack();
        }
      },
    }),
  ];
}
