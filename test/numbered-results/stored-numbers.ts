import assert from "node:assert/strict";
import type { CheckResult } from "@mycloud/protocol/check-result";
import type { Api } from "../support/index.ts";

/** The stored results of a service in the order in which they were stored, with the number each carries in its output. */
export async function storedNumbers(api: Api, serviceId: number): Promise<{ number: number; result: CheckResult }[]> {
  const stored: CheckResult[] = [];
  for (let page = 1; ; page++) {
    const filter = encodeURIComponent(JSON.stringify({ serviceId }));
    const path = `/api/v1/check-results?filter=${filter}&sort=id&order=ASC&page=${page}&perPage=1000`;
    const { status, body } = await api("GET", path);
    assert.equal(status, 200, JSON.stringify(body));
    stored.push(...body.data);
    if (stored.length >= body.total || body.data.length === 0) break;
  }
  return stored.map((result) => ({ number: Number(/run (\d+)/.exec(result.output)?.[1]), result }));
}

/** Fails unless the numbers only rise (nothing twice, nothing out of order) and no two results have the same instant. */
export function assertRising(stored: readonly { number: number; result: CheckResult }[], what: string): void {
  for (const [index, { number, result }] of stored.entries()) {
    const before = stored[index - 1];
    if (before === undefined) continue;
    assert.ok(number > before.number, `${what}: run ${number} was stored after run ${before.number}`);
    assert.ok(
      result.checkedAtMs > before.result.checkedAtMs,
      `${what}: run ${number} is not later than the one before`,
    );
  }
}
