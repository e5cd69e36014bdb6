import { Agent, request } from "node:http";

/** Where results go, and as whom. */
export interface IngestTarget {
  readonly url: string;
  readonly token: string;
}

/** What one run of sending gave. */
export interface SendingOutcome {
  readonly results: number;
  readonly seconds: number;
  /** Milliseconds from sending a request to its 200, which comes after the commit; sorted. */
  readonly latencies: readonly number[];
}

/** Posts one body and resolves with the milliseconds until the answer. Throws on anything but 200. */
export function post(target: IngestTarget, agent: Agent, body: Buffer): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      `${target.url}/api/v1/check-results`,
      {
        method: "POST",
        agent,
        headers: {
          authorization: `Bearer ${target.token}`,
          "content-type": "application/json",
          "content-length": body.length,
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => {
          if (response.statusCode === 200) resolve(performance.now() - startedAt);
          else reject(new Error(`ingest answered ${response.statusCode}`));
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Sends bodies as fast as answers come, `connections` at a time, for `seconds`. */
export async function sendAtFullRate(
  target: IngestTarget,
  bodies: readonly Buffer[],
  batchSize: number,
  connections: number,
  seconds: number,
): Promise<SendingOutcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  const worker = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      const body = bodies[next++ % bodies.length];
      if (body !== undefined) latencies.push(await post(target, agent, body));
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  const took = (performance.now() - startedAt) / 1000;
  return { results: latencies.length * batchSize, seconds: took, latencies: latencies.sort((a, b) => a - b) };
}

/**
 * Sends bodies at fixed instants, whether answers have come or not, so that a slow answer does not slow the sending down and hide itself;
 * latency counts from the instant at which a body was due.
 */
export async function sendAtRate(
  target: IngestTarget,
  bodies: readonly Buffer[],
  batchSize: number,
  resultsPerSecond: number,
  seconds: number,
): Promise<SendingOutcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const intervalMs = (batchSize / resultsPerSecond) * 1000;
  const latencies: number[] = [];
  const sending: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n * intervalMs < seconds * 1000; ) {
    const now = performance.now() - startedAt;
    for (; n * intervalMs <= now; n++) {
      const lateMs = now - n * intervalMs;
      const body = bodies[n % bodies.length];
      if (body === undefined) continue;
      sending.push(post(target, agent, body).then((took) => void latencies.push(took + lateMs)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sending);
  agent.destroy();
  const took = (performance.now() - startedAt) / 1000;
  return { results: latencies.length * batchSize, seconds: took, latencies: latencies.sort((a, b) => a - b) };
}

/** The value below which this share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
