import { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { ErrorCode } from "@mycloud/protocol/error";
import { z } from "zod";
import { FileRules } from "../file-rules.ts";

const AskId = z.number().int();
const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** What the process is told. */
export const ToFiles = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ask"), askId: AskId, request: FileRequest, rules: FileRules, hasUpload: z.boolean() }),
  /** The next part of an answer's body is wanted. */
  z.object({ kind: z.literal("next"), askId: AskId }),
  /** The next part of an upload; null is its end. */
  z.object({ kind: z.literal("upload"), askId: AskId, bytes: Bytes.nullable() }),
  z.object({ kind: z.literal("upload-failed"), askId: AskId }),
  /** Nobody wants the answer any more. */
  z.object({ kind: z.literal("end"), askId: AskId }),
]);
export type ToFiles = z.infer<typeof ToFiles>;

/** What the process tells. `done` and `failed` are the last of an answer. */
export const FromFiles = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("head"), askId: AskId, head: FileHead, hasBody: z.boolean() }),
  z.object({ kind: z.literal("part"), askId: AskId, bytes: Bytes }),
  z.object({ kind: z.literal("upload-wanted"), askId: AskId }),
  z.object({ kind: z.literal("done"), askId: AskId }),
  z.object({ kind: z.literal("failed"), askId: AskId, code: ErrorCode, message: z.string() }),
]);
export type FromFiles = z.infer<typeof FromFiles>;
