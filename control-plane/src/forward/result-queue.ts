import { formatPluginOutput } from "@mycloud/checks/plugin-api";
import type { Stored } from "@mycloud/protocol/definition";
import { matchesService } from "@mycloud/protocol/selector";
import type { ForwardRun, ResultForwarder, TakenResult } from "../check-result/index.ts";
import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import type { EnabledDefinitions } from "../definition/index.ts";

/** Whether a forward passes a result on. Pure. */
export function isWanted(forward: Pick<Stored<"Forward">, "selector" | "results">, result: TakenResult): boolean {
  if (forward.results === "hard" && !result.isHard) return false;
  return matchesService(forward.selector, result.host, result.serviceName ?? undefined);
}

/** Puts what forwards want into their queues, in the transaction of the results themselves. */
export function createResultForwarder(cache: EnabledDefinitions<"Forward">, dialect: Dialect): ResultForwarder {
  return {
    async begin(tx) {
      const forwards = await cache.read(tx);
      return forwards.length === 0 ? null : createRun(forwards, dialect, tx);
    },
  };
}

function createRun(forwards: readonly Stored<"Forward">[], dialect: Dialect, tx: Executor): ForwardRun {
  const rows: Row[] = [];
  return {
    take(result) {
      for (const forward of forwards) {
        if (!isWanted(forward, result)) continue;
        const { host, serviceName, state, report, checkedAtMs } = result;
        rows.push([forward.id, host.name, serviceName, state, formatPluginOutput(report), checkedAtMs]);
      }
    },
    save: () =>
      dialect.insertMany(
        tx,
        "forward_item",
        ["forward_id", "host_name", "service_name", "return_code", "output", "checked_at_ms"],
        rows,
      ),
  };
}
