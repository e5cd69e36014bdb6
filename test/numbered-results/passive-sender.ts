import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { IngestAnswer } from "@mycloud/protocol/check-result";
import type { Api } from "../support/index.ts";

/** What a sender did. */
export interface SenderReport {
  /** How many results of each service were acknowledged: they carry the numbers 1 to that. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Requests that got no answer, or none that settled them, and were sent again. */
  readonly repeated: number;
  /** Of those, how many the control plane knew already. */
  readonly duplicates: number;
}

/**
 * Sends numbered passive results of one host, a few at a time, each request under one Idempotency-Key until it is acknowledged; ends with the
 * signal, after the last one was. Throws when the control plane refuses one.
 */
export async function sendNumberedResults(
  api: Api,
  host: string,
  services: readonly string[],
  random: () => number,
  signal: AbortSignal,
): Promise<SenderReport> {
  const acknowledged = new Map(services.map((service) => [service, 0]));
  let repeated = 0;
  let duplicates = 0;
  let lastMs = 0;
  while (!signal.aborted) {
    const sent = new Map(acknowledged);
    const items = Array.from({ length: 1 + Math.floor(random() * 10) }, () => {
      const service = services[Math.floor(random() * services.length)] ?? "";
      const number = (sent.get(service) ?? 0) + 1;
      sent.set(service, number);
      lastMs = Math.max(Date.now(), lastMs + 1);
      return { host, service, returnCode: 0, output: `OK - run ${number}`, checkedAtMs: lastMs };
    });
    const headers = { "idempotency-key": randomUUID() };
    while (true) {
      const answer = await api("POST", "/api/v1/check-results", {
        body: items,
        headers,
        signal: AbortSignal.timeout(3_000),
      }).catch(() => undefined);
      if (answer?.status === 200) {
        const { rejected, isDuplicate } = IngestAnswer.parse(answer.body);
        if (rejected.length > 0) throw new Error(`refused: ${JSON.stringify(rejected[0])}`);
        if (isDuplicate) duplicates++;
        break;
      }
      if (answer !== undefined && answer.status < 500 && answer.status !== 429)
        throw new Error(`refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
      repeated++;
      await sleep(100 + 200 * random());
    }
    for (const [service, number] of sent) acknowledged.set(service, number);
    await sleep(20 + 60 * random());
  }
  return { acknowledged, repeated, duplicates };
}
