import type { HostLogPipeline } from "@mycloud/protocol/log-source";

/** How logs get on: well with the first host, badly with the second; of others nothing is known. */
export function fakeLogPipeline(hostId: number, nowMs: number): HostLogPipeline | null {
  if (hostId > 2) return null;
  const isWell = hostId === 1;
  const counts = { chunks: 0, bytes: 0, maximumBytes: 268_435_456, droppedRecords: 0, refusedRecords: 0 };
  const well = { ...counts, oldestAtMs: null, shippedRecords: 1_204_311, isConnected: true, lastError: null };
  const behind = { chunks: 214, bytes: 201_400_000, oldestAtMs: nowMs - 5_400_000, droppedRecords: 48_211 };
  return {
    isRunning: true,
    startedAtMs: nowMs - 86_400_000,
    restarts: 0,
    fault: null,
    sources: isWell ? 3 : 4,
    faultySources: isWell
      ? []
      : [{ name: "shop", fault: "/srv/shop/log/access.log is outside of the log roots of this host's policy" }],
    notices: isWell
      ? []
      : [{ name: "shop", notice: "/var/log/shop/audit.log may not be read by the agent: permission denied" }],
    patternTimeouts: 0,
    polledDirectories: 0,
    refused: isWell ? 0 : 1,
    lagBytes: isWell ? 0 : 7_340_032,
    lines: 1_204_498,
    records: 1_204_311,
    parseFailures: isWell ? 0 : 37,
    filtered: 187,
    suppressed: 0,
    redacted: 12,
    lost: isWell ? 0 : 2,
    destinations: [
      { ...well, name: "control-plane" },
      ...(isWell
        ? []
        : [
            {
              ...well,
              ...behind,
              name: "archive",
              isConnected: false,
              lastError: "connect ECONNREFUSED 192.0.2.7:24224",
            },
          ]),
    ],
    reportedAtMs: nowMs - 8_000,
  };
}
