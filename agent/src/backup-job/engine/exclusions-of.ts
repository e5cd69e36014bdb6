import type { Exclusions } from "@mycloud/backup/archiver";
import { byteString } from "@mycloud/backup/byte-string";
import type { ExcludesContent } from "@mycloud/protocol/backup-policy";

/** What a job leaves out, as the archiver has it. Pure. */
export function exclusionsOf(job: Omit<ExcludesContent, "paths">): Exclusions {
  const bytes = (texts: readonly string[]) => texts.map((text) => byteString(text));
  return {
    patterns: bytes(job.exclude),
    caseInsensitivePatterns: bytes(job.excludeIgnoringCase),
    ifPresent: bytes(job.excludeIfPresent),
    caches: job.excludeCaches,
    otherFileSystems: job.oneFileSystem,
    ...(job.excludeLargerThanBytes === null ? {} : { largerThanBytes: job.excludeLargerThanBytes }),
  };
}
