import { ExcludesContent, ExcludesPreview } from "@mycloud/protocol/backup-policy";
import { z } from "zod";

/** What the process is told. */
export const PreviewTask = z.object({
  kind: z.literal("start"),
  /** No repository is asked. */
  token: z.literal(""),
  lockName: z.string(),
  content: ExcludesContent,
  withinMs: z.number(),
});
export type PreviewTask = z.infer<typeof PreviewTask>;

export const PreviewOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("counted"), preview: ExcludesPreview }),
  /** The rules mean nothing. */
  z.object({ kind: z.literal("refused"), message: z.string() }),
]);
export type PreviewOutcome = z.infer<typeof PreviewOutcome>;
