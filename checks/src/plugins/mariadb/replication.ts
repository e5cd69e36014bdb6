import { formatDuration } from "../../plugin/format-quantity.ts";
import { printable } from "../../plugin/printable.ts";
import { crossedThreshold, judge, type Thresholds } from "../../plugin/thresholds.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";

/** What SHOW SLAVE STATUS says, in the words of both MariaDB and newer MySQL. */
export interface ReplicaStatus {
  readonly ioRunning: string;
  readonly sqlRunning: string;
  /** null while the replica does not know. */
  readonly secondsBehind: number | null;
  readonly lastError: string;
}

/** Judges a replica: both threads must run, and the lag must be within the thresholds. */
export function judgeReplication(
  replica: ReplicaStatus | undefined,
  thresholds: Thresholds,
): { returnCode: ReturnCode; text: string } {
  if (replica === undefined) return { returnCode: 2, text: "this server is no replica" };
  const { ioRunning, sqlRunning, secondsBehind, lastError } = replica;
  if (ioRunning !== "Yes" || sqlRunning !== "Yes") {
    const why = lastError === "" ? "" : `: ${printable(lastError)}`;
    return { returnCode: 2, text: `replication does not run (IO ${ioRunning}, SQL ${sqlRunning})${why}` };
  }
  if (secondsBehind === null) return { returnCode: 1, text: "replication runs, but the lag is not known" };
  const returnCode = judge(secondsBehind, thresholds);
  return {
    returnCode,
    text: `replica is ${formatDuration(secondsBehind)} behind${crossedThreshold(returnCode, thresholds, " s")}`,
  };
}
