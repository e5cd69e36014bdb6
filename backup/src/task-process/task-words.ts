import { z } from "zod";

/** What a process is told after its task. */
export const TaskWord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("token"), token: z.string() }),
  /** No token can be had. */
  z.object({ kind: z.literal("no-token"), message: z.string() }),
  z.object({ kind: z.literal("stop") }),
]);
export type TaskWord = z.infer<typeof TaskWord>;

/** What a process tells, beside its progress and what it did. `failed` and `stopped` are ends. */
export const TaskSign = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("token-wanted") }),
  z.object({ kind: z.literal("failed"), message: z.string(), isRetryable: z.boolean() }),
  z.object({ kind: z.literal("stopped") }),
]);
export type TaskSign = z.infer<typeof TaskSign>;

/** How a task ended. */
export type TaskEnding<Result> =
  | { readonly kind: "done"; readonly result: Result }
  | Extract<TaskSign, { kind: "failed" | "stopped" }>;

/** What every task says: the first token for the storage server. */
export interface TaskBasics {
  readonly kind: "start";
  readonly token: string;
}
