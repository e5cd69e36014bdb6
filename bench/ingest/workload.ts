/** The services every program is given: 200 hosts with 50 services each. */
export const hostCount = 200;
export const servicesPerHost = 50;
export const serviceCount = hostCount * servicesPerHost;

/** A result of the n-th sending. `flipping`: each round over all services turns them from OK to CRITICAL or back, the first to CRITICAL. */
export interface BenchResult {
  readonly host: string;
  readonly service: string;
  readonly returnCode: number;
  /** As a plugin prints it: text, then perfdata behind a bar. */
  readonly output: string;
}

export type Condition = "unchanged" | "flipping";
export const conditions = ["unchanged", "flipping"] as const satisfies readonly Condition[];

/** How many single results are under way at once: the same for every program that takes them one a request. */
export const singleResultConnections = [1, 16, 64] as const;

/** The n-th result of an endless sequence over all services. */
export function resultNumber(n: number, condition: Condition): BenchResult {
  const service = n % serviceCount;
  const round = Math.floor(n / serviceCount);
  const returnCode = condition === "flipping" && round % 2 === 0 ? 2 : 0;
  const word = returnCode === 0 ? "OK" : "CRITICAL";
  const milliseconds = n % 10;
  return {
    host: `bench${Math.floor(service / servicesPerHost) + 1}`,
    service: `service${(service % servicesPerHost) + 1}`,
    returnCode,
    output: `HTTP ${word}: HTTP/1.1 200 OK - 1234 bytes in 0.00${milliseconds} second response time | time=0.00${milliseconds}s;1;5;0;10 size=1234B;;;0`,
  };
}
