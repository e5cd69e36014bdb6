import { ViewHead, ViewRequest } from "@mycloud/protocol/snapshot-view";
import { z } from "zod";
import { AskId, BytesSign, DoneSign, EndWord, MoreWord } from "../asked-process/index.ts";
import { ToldError } from "./told-error.ts";

/** What opens a repository. Goes by the channel between the two processes and is nowhere else. */
export const RepositoryAccess = z.object({
  location: z.string(),
  /** PEM; null for the system's authorities. */
  certificateAuthority: z.string().nullable(),
  /** For `rest:` locations; asked for again when it is refused. Null where none is needed. */
  token: z.string().nullable(),
  password: z.string(),
});
export type RepositoryAccess = z.infer<typeof RepositoryAccess>;

/** What the reader is told. `repository` is whatever name the asker has for it. */
export const ToReader = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("start"), cacheDirectory: z.string().nullable() }),
  z.object({ kind: z.literal("ask"), askId: AskId, repository: z.string(), request: ViewRequest }),
  MoreWord,
  EndWord,
  z.object({ kind: z.literal("access"), repository: z.string(), access: RepositoryAccess }),
  z.object({ kind: z.literal("no-access"), repository: z.string(), error: ToldError }),
]);
export type ToReader = z.infer<typeof ToReader>;

/** What the reader tells. `done` and `failed` are the last of an answer. */
export const FromReader = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("access-wanted"), repository: z.string() }),
  z.object({ kind: z.literal("head"), askId: AskId, head: ViewHead, hasBody: z.boolean() }),
  BytesSign,
  DoneSign,
  z.object({ kind: z.literal("failed"), askId: AskId, error: ToldError }),
]);
export type FromReader = z.infer<typeof FromReader>;
