import { z } from "zod";
import { ExcludesContent, ExcludesPreview } from "../backup-policy/index.ts";
import { ErrorBody } from "../error/index.ts";
import { SnapshotEntry, ViewHead, ViewPath, ViewRequest } from "../snapshot-view/index.ts";

/** Files of the live machine, in its backed-up folders only, as far as the machine's own policy allows. Paths are written as in snapshots. */
export const FileRequest = z.discriminatedUnion("kind", [
  /** The folders that may be managed. */
  z.object({ kind: z.literal("roots") }),
  z.object({
    kind: z.literal("list"),
    path: ViewPath,
    offset: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(1000).default(200),
  }),
  /** The answer's body is the content. */
  z.object({
    kind: z.literal("read"),
    path: ViewPath,
    offset: z.number().int().min(0).default(0),
    length: z.number().int().min(0).nullable().default(null),
  }),
  /** The question's body is the content. Refused when the file is another than `ifVersion` says; `none`: when there is one; `*`: when there is none. */
  z.object({ kind: z.literal("write"), path: ViewPath, ifVersion: z.string().max(100).nullable().default(null) }),
  z.object({ kind: z.literal("make-folder"), path: ViewPath }),
  z.object({ kind: z.literal("rename"), path: ViewPath, to: ViewPath }),
  z.object({ kind: z.literal("delete"), path: ViewPath, isRecursive: z.boolean().default(false) }),
]);
export type FileRequest = z.infer<typeof FileRequest>;

/** An entry of the live machine. */
export const LiveEntry = SnapshotEntry.omit({ contentId: true }).extend({
  /** Changes whenever the file does. */
  version: z.string(),
  /** Whether the machine's policy lets it be changed from here. */
  isWritable: z.boolean(),
  /** When anything about it changed last, also its name or owner. */
  changedAtMs: z.number(),
  /** Whose snapshots have its earlier versions. */
  repositoryId: z.number().int(),
});
export type LiveEntry = z.infer<typeof LiveEntry>;

export const FileHead = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("roots"), roots: z.array(LiveEntry) }),
  z.object({ kind: z.literal("list"), entry: LiveEntry, entries: z.array(LiveEntry), total: z.number().int() }),
  z.object({
    kind: z.literal("read"),
    entry: LiveEntry,
    sizeBytes: z.number(),
    offset: z.number(),
    length: z.number(),
  }),
  z.object({ kind: z.literal("changed"), entry: LiveEntry.nullable() }),
]);
export type FileHead = z.infer<typeof FileHead>;

/** What an agent is asked, on its stream: event `question`. */
export const AgentQuestion = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("view"), repositoryId: z.number().int(), request: ViewRequest }),
  z.object({ kind: z.literal("files"), request: FileRequest }),
  /** What a backup of this would take now, and what each of its rules leaves out. */
  z.object({ kind: z.literal("excludes"), content: ExcludesContent }),
]);
export type AgentQuestion = z.infer<typeof AgentQuestion>;

export const AgentQuestionDelivery = z.object({
  questionId: z.uuid(),
  question: AgentQuestion,
  /** Whether GET /api/v1/agent/questions/:questionId/body has something. */
  hasBody: z.boolean(),
});
export type AgentQuestionDelivery = z.infer<typeof AgentQuestionDelivery>;

/**
 * POST /api/v1/agent/questions/:questionId/answer, `application/octet-stream`: one line of this JSON, then the body. It is begun as soon as the question
 * is heard, which shows that it was. 404 MYCLOUD_NOT_FOUND when nobody waits any more; 421 MYCLOUD_MISDIRECTED when another control plane does: to be
 * sent again over another connection. The same goes for GET /api/v1/agent/questions/:questionId/body.
 */
export const AgentAnswerHead = z.union([
  z.object({ view: ViewHead }),
  z.object({ files: FileHead }),
  z.object({ excludes: ExcludesPreview }),
  ErrorBody,
]);
export type AgentAnswerHead = z.infer<typeof AgentAnswerHead>;
