import type { ByteString } from "../../byte-string/index.ts";
import { createWorkerPool } from "../../worker-pool/index.ts";
import type { Exclusions } from "../backup-options.ts";
import type { ProgressTotals } from "../progress-meter.ts";
import type { ScanTotals } from "./scan-path.ts";
import type { ScanJob } from "./scan-worker.ts";

/** Counts in a thread of its own what a backup of these absolute paths will find; the returned function ends it. */
export function startScan(
  paths: readonly ByteString[],
  exclude: Exclusions,
  onTotals: (totals: ProgressTotals) => void,
): () => Promise<void> {
  const pool = createWorkerPool<ScanJob, ScanTotals, ScanTotals>({
    entry: new URL("./scan-worker.ts", import.meta.url),
    size: 1,
    setting: { exclude },
    onNotice: (totals) => onTotals({ ...totals, isKnown: false }),
  });
  // Without totals a backup is as good: a scan that fails, or is ended with the backup, is nobody's concern.
  pool.run({ paths }).then(
    (totals) => onTotals({ ...totals, isKnown: true }),
    () => {},
  );
  return () => pool.close();
}
