import * as http from "node:http";
import * as https from "node:https";

/** Where results go, and as whom. */
export interface IngestTarget {
  /** Of the resource that takes results, http: or https:. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The authority (PEM) to trust for https. */
  readonly ca?: string;
}

/** What is sent and over how many connections. */
export interface Requests {
  readonly nextBody: () => Buffer;
  /** Results in one body. */
  readonly batchSize: number;
  readonly connections: number;
}

/** What one run of sending gave. */
export interface SendingOutcome {
  readonly results: number;
  readonly seconds: number;
  /** Milliseconds until a request's 200; sorted. */
  readonly latencies: readonly number[];
}

/** Sends bodies as fast as answers come, one at a time on each connection, for `seconds`. Throws on anything but 200. */
export async function sendAtFullRate(target: IngestTarget, what: Requests, seconds: number): Promise<SendingOutcome> {
  const connections = connect(target, what.connections);
  const latencies: number[] = [];
  const startedAt = performance.now();
  const worker = async () => {
    while (performance.now() - startedAt < seconds * 1000) latencies.push(await connections.post(what.nextBody()));
  };
  try {
    await Promise.all(Array.from({ length: what.connections }, worker));
    return outcome(latencies, what, startedAt);
  } finally {
    connections.close();
  }
}

/**
 * Sends bodies at fixed instants, whether answers have come or not, so that a slow answer does not slow the sending down and hide itself;
 * latency counts from the instant at which a body was due, waiting for a free connection included. Throws on anything but 200.
 */
export async function sendAtRate(
  target: IngestTarget,
  what: Requests,
  resultsPerSecond: number,
  seconds: number,
): Promise<SendingOutcome> {
  const connections = connect(target, what.connections);
  const intervalMs = (what.batchSize / resultsPerSecond) * 1000;
  const latencies: number[] = [];
  const sending: Promise<void>[] = [];
  const failures: unknown[] = [];
  const startedAt = performance.now();
  for (let n = 0; n * intervalMs < seconds * 1000 && failures.length === 0; ) {
    const now = performance.now() - startedAt;
    for (; n * intervalMs <= now; n++) {
      const lateMs = now - n * intervalMs;
      const sent = connections.post(what.nextBody()).then((took) => void latencies.push(took + lateMs));
      sending.push(sent.catch((error) => void failures.push(error)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sending);
  connections.close();
  if (failures.length > 0) throw failures[0];
  return outcome(latencies, what, startedAt);
}

/** The value below which this share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function outcome(latencies: number[], { batchSize }: Requests, startedAt: number): SendingOutcome {
  const seconds = (performance.now() - startedAt) / 1000;
  return { results: latencies.length * batchSize, seconds, latencies: latencies.sort((a, b) => a - b) };
}

/** Kept-alive connections; `post` resolves with the milliseconds from its call to the end of the answer. */
function connect({ url, headers, ca }: IngestTarget, maxSockets: number) {
  const { protocol, hostname, port, pathname } = new URL(url);
  const isTls = protocol === "https:";
  const agent = isTls
    ? new https.Agent({ keepAlive: true, maxSockets, ...(ca === undefined ? {} : { ca }) })
    : new http.Agent({ keepAlive: true, maxSockets });
  const { request } = isTls ? https : http;
  const post = (body: Buffer) => {
    const startedAt = performance.now();
    return new Promise<number>((resolve, reject) => {
      const options = { method: "POST", hostname, port, path: pathname, agent };
      const sent = request(
        { ...options, headers: { ...headers, "content-type": "application/json", "content-length": body.length } },
        (response) => {
          response.resume();
          response.on("error", reject);
          response.on("end", () => {
            if (response.statusCode === 200) resolve(performance.now() - startedAt);
            else reject(new Error(`${url} answered ${response.statusCode}`));
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  };
  return { post, close: () => agent.destroy() };
}
