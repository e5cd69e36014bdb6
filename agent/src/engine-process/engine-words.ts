import { z } from "zod";

/** What an agent tells any engine after its task. */
export const EngineWord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("token"), token: z.string() }),
  /** No token can be had. */
  z.object({ kind: z.literal("no-token"), message: z.string() }),
  z.object({ kind: z.literal("stop") }),
]);
export type EngineWord = z.infer<typeof EngineWord>;

/** What any engine tells its agent, beside its progress and what it did. `failed` and `stopped` are ends. */
export const EngineSign = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("token-wanted") }),
  z.object({ kind: z.literal("failed"), message: z.string(), isRetryable: z.boolean() }),
  z.object({ kind: z.literal("stopped") }),
]);
export type EngineSign = z.infer<typeof EngineSign>;

/** How an engine ended. */
export type EngineEnding<Result> =
  | { readonly kind: "done"; readonly result: Result }
  | Extract<EngineSign, { kind: "failed" | "stopped" }>;

/** What every task says: the first token, and a name that one engine of this host has at a time. */
export interface EngineBasics {
  readonly kind: "start";
  readonly token: string;
  readonly lockName: string;
}
