import type { Logger } from "pino";
import type { MeasuredResult } from "../check-result/observation-run.ts";
import type { Part } from "../part.ts";
import type { RemoteWrites, WrittenSample } from "../remote-write/index.ts";
import { KnownSeries, perfdataSamples } from "./perfdata-samples.ts";

/** Results' perfdata on its way to remote writes. */
export interface PerfdataWrites {
  readonly part: Part;
  /** Takes results that are stored; never throws and keeps nobody waiting. */
  take(results: readonly MeasuredResult[]): void;
}

interface PerfdataWritesDependencies {
  readonly remoteWrites: Pick<RemoteWrites, "isWanted" | "write">;
  readonly logger: Logger;
}

/** What came in so long is written to the disk at once. */
const gatherMs = 1_000;
const mostGathered = 5_000;

/** Makes it; nothing waits yet. */
export function createPerfdataWrites({ remoteWrites, logger }: PerfdataWritesDependencies): PerfdataWrites {
  const known = new KnownSeries();
  let gathered: MeasuredResult[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const results = gathered;
    gathered = [];
    if (results.length === 0) return writing;
    const samples: WrittenSample[] = [];
    for (const result of results) {
      const series = perfdataSamples(result);
      samples.push(...series, ...known.note(result, series));
    }
    writing = writing
      .then(() => remoteWrites.write("perfdata", samples))
      .catch((err: unknown) => logger.error({ err }, "perfdata could not be kept for writing it on"));
    return writing;
  }

  return {
    take(results) {
      if (results.length === 0 || !remoteWrites.isWanted("perfdata")) return;
      for (const result of results) gathered.push(result);
      if (gathered.length >= mostGathered) void flush();
      else timer ??= setTimeout(() => void flush(), gatherMs);
    },
    part: { name: "perfdata-write", stop: flush },
  };
}
