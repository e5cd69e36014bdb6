import { AskId, Bytes, BytesSign, DoneSign, EndWord, MoreWord } from "@mycloud/backup/asked-process";
import { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { ErrorCode } from "@mycloud/protocol/error";
import { z } from "zod";
import { FileRules } from "../file-rules.ts";

/** What the process is told. */
export const ToFiles = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ask"), askId: AskId, request: FileRequest, rules: FileRules, hasUpload: z.boolean() }),
  MoreWord,
  /** The next part of an upload; null is its end. */
  z.object({ kind: z.literal("upload"), askId: AskId, bytes: Bytes.nullable() }),
  z.object({ kind: z.literal("upload-failed"), askId: AskId }),
  EndWord,
]);
export type ToFiles = z.infer<typeof ToFiles>;

/** What the process tells. `done` and `failed` are the last of an answer. */
export const FromFiles = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("head"), askId: AskId, head: FileHead, hasBody: z.boolean() }),
  BytesSign,
  z.object({ kind: z.literal("upload-wanted"), askId: AskId }),
  DoneSign,
  z.object({ kind: z.literal("failed"), askId: AskId, code: ErrorCode, message: z.string() }),
]);
export type FromFiles = z.infer<typeof FromFiles>;
