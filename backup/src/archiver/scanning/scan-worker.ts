// The entry module of the thread that counts what a backup will find.
import type { ByteString } from "../../byte-string/index.ts";
import { serveJobs } from "../../worker-pool/index.ts";
import type { Exclusions } from "../backup-options.ts";
import { createSelector } from "../walking/selection.ts";
import { type ScanTotals, scanPath } from "./scan-path.ts";

/** Counts these absolute paths. */
export interface ScanJob {
  readonly paths: readonly ByteString[];
}

serveJobs<{ readonly exclude: Exclusions }, ScanJob, ScanTotals, ScanTotals>(({ exclude }, notify) => {
  const selector = createSelector(exclude);
  return ({ paths }) => {
    const totals: ScanTotals = { files: 0, bytes: 0 };
    for (const path of paths) scanPath(path, selector, totals, () => notify(totals));
    return { result: totals };
  };
});
