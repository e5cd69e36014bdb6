import { type BenchResult, type Condition, resultNumber, serviceCount } from "./workload.ts";

/** How far the sequence of results has been sent to one program under one condition. */
export interface Position {
  resultsSent: number;
}

/**
 * Request bodies, made beforehand, that follow on `position` and on each other: a run that began at the first service each time would send a
 * slow program the same states again and call it flipping. Two rounds over all services, because the third is as the first.
 */
export function createBodyCycle(
  position: Position,
  condition: Condition,
  batchSize: number,
  encode: (results: readonly BenchResult[]) => unknown,
): () => Buffer {
  const bodies: Buffer[] = [];
  for (let from = 0; from < 2 * serviceCount; from += batchSize) {
    const batch = Array.from({ length: batchSize }, (_, index) => resultNumber(from + index, condition));
    bodies.push(Buffer.from(JSON.stringify(encode(batch))));
  }
  return () => {
    const body = bodies[Math.floor(position.resultsSent / batchSize) % bodies.length];
    if (body === undefined) throw new Error("a batch size above two rounds of services leaves no bodies");
    position.resultsSent += batchSize;
    return body;
  };
}
