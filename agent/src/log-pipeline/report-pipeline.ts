import type { LogPipelineReport, LogPipelineStatus } from "@mycloud/protocol/log-source";

const mostFaultySources = 10;
const mostNotices = 10;
const mostDestinations = 20;
const mostNameCharacters = 128;
const mostReasonCharacters = 300;

/** What a keepalive tells of a pipeline: however many sources there are, no more than a few kilobytes. Pure. */
export function reportPipeline(status: LogPipelineStatus): LogPipelineReport {
  const { sources, destinations } = status;
  const sum = (of: (source: LogPipelineStatus["sources"][number]) => number) =>
    sources.reduce((total, source) => total + of(source), 0);
  return {
    isRunning: status.pid !== null,
    startedAtMs: status.startedAtMs,
    restarts: status.restarts,
    fault: reasonOf(status.fault),
    sources: sources.length,
    faultySources: sources
      .flatMap(({ name, fault }) =>
        fault === null ? [] : [{ name: nameOf(name), fault: fault.slice(0, mostReasonCharacters) }],
      )
      .slice(0, mostFaultySources),
    notices: sources
      .flatMap(({ name, unread, notices }) =>
        [...unread, ...notices].map((notice) => ({
          name: nameOf(name),
          notice: notice.slice(0, mostReasonCharacters),
        })),
      )
      .slice(0, mostNotices),
    lagBytes: sum(({ lagBytes }) => lagBytes),
    lines: sum(({ lines }) => lines),
    records: sum(({ records }) => records),
    parseFailures: sum(({ parseFailures }) => parseFailures),
    filtered: sum(({ filtered }) => filtered),
    suppressed: sum(({ suppressed }) => suppressed),
    redacted: sum(({ redacted }) => redacted),
    patternTimeouts: sum(({ patternTimeouts }) => patternTimeouts),
    polledDirectories: sum(({ polledDirectories }) => polledDirectories),
    refused: sum(({ refused }) => refused),
    lost: sum(({ lost }) => lost),
    destinations: destinations.slice(0, mostDestinations).map((destination) => ({
      name: nameOf(destination.name),
      chunks: destination.chunks,
      bytes: destination.bytes,
      maximumBytes: destination.maximumBytes,
      oldestAtMs: destination.oldestAtMs,
      shippedRecords: destination.shippedRecords,
      droppedRecords: destination.droppedRecords,
      refusedRecords: destination.refusedRecords,
      isConnected: destination.isConnected,
      lastError: reasonOf(destination.lastError),
    })),
  };
}

function nameOf(name: string): string {
  return name.slice(0, mostNameCharacters);
}

function reasonOf(reason: string | null): string | null {
  return reason === null ? null : reason.slice(0, mostReasonCharacters);
}
