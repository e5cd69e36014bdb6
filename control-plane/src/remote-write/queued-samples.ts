import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { compress } from "snappyjs";
import { splitSeries } from "./write-request.ts";

/** A body as remote write sends it, and how many samples are in it. */
export interface WriteBody {
  readonly samples: number;
  /** Encoded, not compressed. */
  readonly request: Buffer;
}

/** Larger than the parser of what agents push lets anything become. */
const maximumRequestBytes = 256 * 1024 * 1024;

/** An encoded request as a line of a queue. It waits in zstd, which makes a sixth of what Snappy would. */
export function toLine({ samples, request }: WriteBody): string {
  return `${samples} ${zstdCompressSync(request).toString("base64")}`;
}

/** The requests of several lines as one; a line that a crash cut off is left out. */
export function fromLines(lines: readonly string[]): WriteBody {
  let samples = 0;
  const parts: Buffer[] = [];
  for (const line of lines) {
    const body = fromLine(line);
    if (body === null) continue;
    samples += body.samples;
    parts.push(body.request);
  }
  return { samples, request: Buffer.concat(parts) };
}

function fromLine(line: string): WriteBody | null {
  const [count = "", text = ""] = line.split(" ");
  try {
    const request = zstdDecompressSync(Buffer.from(text, "base64"), { maxOutputLength: maximumRequestBytes });
    splitSeries(request);
    return { samples: Number(count), request };
  } catch {
    return null;
  }
}

/** Snappy's block format, which is what remote write sends. */
export function compressRequest(request: Uint8Array): Uint8Array {
  return compress(request);
}
