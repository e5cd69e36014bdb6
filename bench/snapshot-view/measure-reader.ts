import { readdirSync, readFileSync } from "node:fs";
import { createSnapshotReader, type SnapshotReader } from "@mycloud/backup/snapshot-reader";
import { ViewRequest } from "@mycloud/protocol/snapshot-view";

export interface ReaderFigures {
  readonly seconds: number;
  readonly bytes: number;
  /** Of the reading process, at its peak until now. */
  readonly peakMiB: number;
}

/** A reading process, asked and timed from the question until the last byte of the answer. */
export function measuredReader(location: string, password: string) {
  const reader: SnapshotReader = createSnapshotReader({
    cacheDirectory: null,
    findAccess: async () => ({ location, certificateAuthority: null, token: null, password }),
    onLine: (line) => console.error(line),
  });
  return {
    stop: () => reader.stop(),
    async ask(question: (typeof ViewRequest)["_input"]): Promise<ReaderFigures & { readonly head: unknown }> {
      const startedAtMs = performance.now();
      const { head, body } = await reader.ask("bench", ViewRequest.parse(question), new AbortController().signal);
      let bytes = Buffer.byteLength(JSON.stringify(head));
      for await (const piece of body ?? []) bytes += piece.length;
      return { seconds: (performance.now() - startedAtMs) / 1000, bytes, peakMiB: peakMiB(), head };
    },
  };
}

function peakMiB(): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (!status.includes(`\nPPid:\t${process.pid}\n`)) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("snapshot-reader/main.ts")) continue;
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      // It has ended meanwhile.
    }
  }
  return 0;
}
