import type { ExcludesPreview } from "@mycloud/protocol/backup-policy";

/** Where looking at what rules leave out on a machine stands. */
export type Trial = { readonly hostName: string } & (
  | { readonly phase: "waiting" }
  | { readonly phase: "done"; readonly preview: ExcludesPreview }
  | { readonly phase: "failed"; readonly message: string }
);

/** How a trial ended. Never throws. */
export async function trialOf({ hostName }: { readonly hostName: string }, answer: Promise<ExcludesPreview>) {
  try {
    return { hostName, phase: "done", preview: await answer } satisfies Trial;
  } catch (error) {
    return {
      hostName,
      phase: "failed",
      message: error instanceof Error ? error.message : String(error),
    } satisfies Trial;
  }
}
