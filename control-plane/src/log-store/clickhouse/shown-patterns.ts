import type { LogCondition } from "@mycloud/protocol/log-query";
import { patternsAskedBy } from "../pattern/index.ts";
import type { ClickHouseClient } from "./client.ts";
import { textSql } from "./condition-sql.ts";

/** Patterns that were shown to somebody, in a table, so that whoever asks any control plane for `pattern:<id>` later finds what it stands for. */
export interface ShownPatterns {
  remember(patterns: readonly { readonly id: string; readonly template: string }[]): Promise<void>;
  /** Templates that a condition asks for by their id. */
  askedBy(condition: LogCondition): Promise<string[]>;
}

/** What this process knows to be written down already. */
const maximumKnown = 10_000;
const maximumAsked = 1_000;

export function createShownPatterns(client: ClickHouseClient, database: string): ShownPatterns {
  const table = `${database}.log_pattern`;
  let known = new Set<string>();
  return {
    async remember(patterns) {
      const fresh = patterns.filter(({ id }) => !known.has(id));
      if (fresh.length === 0) return;
      const rows = fresh.map(({ id, template }) => JSON.stringify({ id, template: template.toWellFormed() }));
      await client.run(`insert into ${table} (id, template) format JSONEachRow`, { body: rows.join("\n") });
      if (known.size > maximumKnown) known = new Set();
      for (const { id } of fresh) known.add(id);
    },
    async askedBy(condition) {
      const asked = patternsAskedBy(condition);
      if (asked.length === 0) return [];
      const rows = await client.query<{ template: string }>(
        `select distinct template from ${table} where ${asked.map((parts) => textSql("id", parts)).join(" or ")} limit ${maximumAsked}`,
      );
      return rows.map(({ template }) => template);
    },
  };
}
