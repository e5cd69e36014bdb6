import { FileHistory } from "@mycloud/protocol/machine";
import { EntryType, TextDiff, type ViewRequest } from "@mycloud/protocol/snapshot-view";
import { z } from "zod";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, type RouteInput, route } from "../http/route.ts";
import { sendContent } from "../http/send-content.ts";
import { contentHeaders, slotKeyOf } from "./file-answer.ts";
import { SnapshotReference } from "./snapshot-reference.ts";
import { oneOrMore, PeoplesPath } from "./view-path.ts";
import { noteBrowsing, repositoryOf, type Viewing } from "./viewing.ts";

const address = "/api/v1/backup-repositories/:id";

const FindQuery = z.object({
  pattern: z.string().min(1).max(1000),
  path: PeoplesPath.default("/"),
  /** Only in these snapshots. */
  snapshot: oneOrMore(SnapshotReference, 100).optional(),
  type: oneOrMore(EntryType, 7).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(500),
});
const CompareQuery = z.object({
  from: SnapshotReference,
  to: SnapshotReference,
  path: PeoplesPath.default("/"),
  metadata: z.enum(["0", "1"]).default("0"),
  limit: z.coerce.number().int().min(1).max(100_000).default(10_000),
});
const TextDiffQuery = z.object({
  from: SnapshotReference,
  fromPath: PeoplesPath,
  to: SnapshotReference,
  toPath: PeoplesPath,
});

type Input = Pick<RouteInput<unknown, unknown, unknown>, "actor" | "scope" | "signal" | "response">;

/** Around each change that people look at. */
const contextLines = 3;

/** What is asked of several snapshots at once. */
export function createSearchRoutes(viewing: Viewing): Route[] {
  const { ask, finder, slots, staff } = viewing;

  /** Answers lines as they are found. */
  async function sendLines(
    repositoryId: number,
    request: Extract<ViewRequest, { kind: "find" | "compare" }>,
    { actor, signal, response }: Input,
  ): Promise<void> {
    const giveBack = await slots.take(slotKeyOf(actor), signal);
    try {
      const { body } = await ask(repositoryId, request, { signal });
      if (body === null) throw new Error("lines were answered without a body");
      const headers = { ...contentHeaders, "cache-control": "no-store, no-transform" };
      const content = { status: 200, headers: { ...headers, "content-type": "application/x-ndjson" } };
      await sendContent(response, { ...content, lengthBytes: null, body }, { signal });
    } finally {
      giveBack();
    }
  }

  return [
    route({
      method: "get",
      path: `${address}/find`,
      summary: "Find files by name over all snapshots: FoundEntry, one JSON a line, and LinesEnd last",
      access: forViewers,
      params: IdParams,
      query: FindQuery,
      handle: async ({ params, query, ...input }) => {
        const repository = await repositoryOf(viewing, input, params.id);
        const { pattern, path, limit, type: types = [], snapshot: references = [] } = query;
        const snapshotIds = await Promise.all(
          references.map((reference) => finder.find(repository.id, reference, input.signal)),
        );
        await noteBrowsing(viewing, input, repository);
        await sendLines(repository.id, { kind: "find", pattern, path, snapshotIds, types, limit }, input);
      },
    }),
    route({
      method: "get",
      path: `${address}/history`,
      summary: "Show how one file or folder was, from snapshot to snapshot",
      access: forViewers,
      params: IdParams,
      query: z.object({ path: PeoplesPath, limit: z.coerce.number().int().min(1).max(1000).default(200) }),
      answer: FileHistory,
      handle: async ({ params, query, ...onlooker }): Promise<FileHistory> => {
        const repository = await repositoryOf(viewing, onlooker, params.id);
        const { signal } = onlooker;
        const { head } = await ask(repository.id, { kind: "history", ...query }, { signal });
        await noteBrowsing(viewing, onlooker, repository);
        const { versions, isTruncated } = head;
        return { versions, isTruncated };
      },
    }),
    route({
      method: "get",
      path: `${address}/compare`,
      summary: "Compare two snapshots: EntryChange, one JSON a line, and LinesEnd last",
      access: forViewers,
      params: IdParams,
      query: CompareQuery,
      handle: async ({ params, query, ...input }) => {
        const repository = await repositoryOf(viewing, input, params.id);
        const [fromSnapshotId, toSnapshotId] = await Promise.all([
          finder.find(repository.id, query.from, input.signal),
          finder.find(repository.id, query.to, input.signal),
        ]);
        await noteBrowsing(viewing, input, repository);
        const { path, limit, metadata } = query;
        const isMetadataShown = metadata === "1";
        const request = { kind: "compare", fromSnapshotId, toSnapshotId, path, isMetadataShown, limit } as const;
        await sendLines(repository.id, request, input);
      },
    }),
    route({
      method: "get",
      path: `${address}/text-diff`,
      summary: "Show how a text differs between two snapshots, line by line",
      access: forViewers,
      params: IdParams,
      query: TextDiffQuery,
      answer: TextDiff,
      handle: async ({ params, query, ...onlooker }): Promise<TextDiff> => {
        const repository = await repositoryOf(viewing, onlooker, params.id);
        const { actor, signal } = onlooker;
        const { fromPath, toPath } = query;
        const [fromSnapshotId, toSnapshotId] = await Promise.all([
          finder.find(repository.id, query.from, signal),
          finder.find(repository.id, query.to, signal),
        ]);
        await staff.note(actor, {
          customer: repository.customer,
          action: "snapshot.read-file",
          resourceKind: "backup-repository",
          resourceId: repository.id,
          resourceName: repository.path,
          detail: { snapshotId: toSnapshotId, path: toPath, fromSnapshotId, fromPath },
          onceInMs: 0,
        });
        const places = { fromSnapshotId, fromPath, toSnapshotId, toPath };
        const request = { kind: "text-diff", ...places, contextLines } as const;
        return (await ask(repository.id, request, { signal })).head.diff;
      },
    }),
  ];
}
