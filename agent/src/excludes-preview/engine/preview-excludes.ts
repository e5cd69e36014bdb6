import { surveyPaths } from "@mycloud/backup/archiver";
import { byteString } from "@mycloud/backup/byte-string";
import { InputError } from "@mycloud/backup/error";
import { exclusionsOf } from "../../backup-job/engine/exclusions-of.ts";
import type { PreviewOutcome, PreviewTask } from "./preview-message.ts";
import { previewOf } from "./preview-of.ts";

/** Counts what a backup would take and what its rules leave out. Throws the signal's reason. */
export async function previewExcludes(
  { content, withinMs }: PreviewTask,
  { signal }: { readonly signal: AbortSignal },
): Promise<PreviewOutcome> {
  const monotonicMs = () => performance.now();
  const startMs = monotonicMs();
  try {
    const survey = await surveyPaths({
      paths: content.paths.map((path) => byteString(path)),
      exclude: exclusionsOf(content),
      monotonicMs,
      withinMs,
      signal,
    });
    return { kind: "counted", preview: previewOf(content, survey, monotonicMs() - startMs) };
  } catch (error) {
    if (error instanceof InputError) return { kind: "refused", message: error.message };
    throw error;
  }
}
