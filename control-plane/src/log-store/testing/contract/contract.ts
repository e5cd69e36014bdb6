import assert from "node:assert/strict";
import { after, before } from "node:test";
import { type LogCondition, parseLogQuery } from "@mycloud/protocol/log-query";
import type { LogPage } from "@mycloud/protocol/log-search";
import { everything, type Scope } from "../../../scope/index.ts";
import type { LogQuestion, LogStore, NewLogRecord } from "../../log-store.ts";
import { noonUs, secondUs } from "../contract-records.ts";

export const hourUs = 3600 * secondUs;
export const acme: Scope = { kind: "customer", customer: "acme" };
export const receivedAtMs = noonUs / 1000 + 60_000;
export const around = { fromUs: noonUs - hourUs, toUs: noonUs + hourUs };

export type OpenStore = () => Promise<{ readonly store: LogStore; readonly close: () => Promise<void> }>;

/** What the tests of one store have in common. */
export interface Contract {
  /** The store of the group of tests that runs. */
  current(): LogStore;
  /** Gives the group of tests that calls it a store of its own. */
  withStore(fill?: () => Promise<void>): void;
  append(records: readonly NewLogRecord[], chunk?: string | null): Promise<{ stored: number; isDuplicate: boolean }>;
  page(query: string, some?: Partial<LogQuestion & { limit: number; cursor: string | null }>): Promise<LogPage>;
  messages(query: string, some?: Partial<LogQuestion>): Promise<string[]>;
}

export function createContract(open: OpenStore): Contract {
  let store: LogStore;
  let close: () => Promise<void>;

  async function page(
    query: string,
    { limit = 1000, cursor = null, ...question }: Partial<LogQuestion & { limit: number; cursor: string | null }> = {},
  ): Promise<LogPage> {
    return await store.search({ ...asking(query, question), order: "newest", limit, cursor });
  }

  return {
    current: () => store,
    withStore(fill = async () => {}) {
      before(async () => {
        ({ store, close } = await open());
        await fill();
      });
      after(async () => await close());
    },
    async append(records, chunk = null) {
      const named = chunk === null ? null : { sender: "agent 1", id: chunk };
      return await store.append({ chunk: named, receivedAtMs, records });
    },
    page,
    async messages(query, some = {}) {
      return (await page(query, some)).records.map(({ message }) => message).toSorted();
    },
  };
}

/** A question about the hours around noon, as a query has it. */
export function asking(query: string, some: Partial<LogQuestion> = {}): LogQuestion {
  const condition: LogCondition = parseLogQuery(query);
  return { ...around, condition, scope: everything, signal: AbortSignal.timeout(60_000), ...some };
}

export function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  assert.ok(value !== undefined, `there is no value ${index}`);
  return value;
}
