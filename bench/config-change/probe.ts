import { setTimeout as sleep } from "node:timers/promises";
import type { TestServer } from "../../test/support/index.ts";

/** How long results waited, and the longest that the control plane's event loop did not turn, since the last look. */
export interface Probed {
  readonly sent: number;
  readonly resultsPerSecond: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly longestStallMs: number;
}

export interface Probe {
  take(): Probed;
  stop(): Promise<void>;
}

const host = "probe";
const services = Array.from({ length: 20 }, (_, index) => `batch ${index + 1}`);

/** Makes a host with passive services, and sends a result of each, ten times a second, one request after the other. */
export async function startProbe(url: string, api: TestServer["api"]): Promise<Probe> {
  const resources = [
    { kind: "Host", name: host, spec: {} },
    ...services.map((name) => ({ kind: "Service", name, host, spec: {} })),
  ];
  await api("POST", "/api/v1/apply", { body: { resources } });
  let latencies: number[] = [];
  let longestStallMs = 0;
  let sinceMs = performance.now();
  let isStopping = false;
  const sending = (async () => {
    for (let round = 0; !isStopping; round++) {
      const startedAtMs = performance.now();
      const results = services.map((service) => ({ host, service, state: "OK", output: `round ${round}` }));
      const { status } = await api("POST", "/api/v1/check-results", { body: { results } });
      if (status !== 200) throw new Error(`a result was answered with ${status}`);
      latencies.push(performance.now() - startedAtMs);
      await sleep(Math.max(0, 100 - (performance.now() - startedAtMs)));
    }
  })();
  const watching = setInterval(() => {
    void readStallMs(url).then(
      (ms) => {
        longestStallMs = Math.max(longestStallMs, ms);
      },
      () => undefined,
    );
  }, 1000);
  return {
    take() {
      const sorted = latencies.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      const sent = sorted.length * services.length;
      const resultsPerSecond = (sent * 1000) / (performance.now() - sinceMs);
      sinceMs = performance.now();
      const probed = { sent, resultsPerSecond, p99Ms: at(0.99), longestMs: at(1), longestStallMs };
      latencies = [];
      longestStallMs = 0;
      return probed;
    },
    async stop() {
      isStopping = true;
      clearInterval(watching);
      await sending;
    },
  };
}

async function readStallMs(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1] ?? 0) * 1000;
}
