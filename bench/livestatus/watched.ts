/** How many hosts with how many services each. */
export interface Size {
  readonly hosts: number;
  readonly servicesPerHost: number;
}

export interface WatchedResult {
  readonly host: string;
  readonly service: string;
  readonly returnCode: number;
  readonly output: string;
}

/** One result for each service: one in ten is not OK. */
export function* resultsOf({ hosts, servicesPerHost }: Size): Generator<WatchedResult> {
  for (let host = 1; host <= hosts; host++) {
    for (let service = 1; service <= servicesPerHost; service++) {
      const returnCode = (host * 7 + service) % 10 === 0 ? 1 + ((host + service) % 3) : 0;
      const word = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][returnCode];
      const output = `HTTP ${word}: HTTP/1.1 200 OK - 1234 bytes in 0.0${service % 10} seconds | time=0.0${service % 10}s;1;5;0;10 size=1234B;;;0`;
      yield { host: `bench${host}`, service: `service${service}`, returnCode, output };
    }
  }
}
