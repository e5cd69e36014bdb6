import type { Executor } from "../database/dialect/dialect.ts";
import { findRunners } from "../prober/store.ts";
import type { Scope } from "../scope/index.ts";
import { findCommandHost } from "./store.ts";

/** The prober of a host without an agent, when it is within the scope too: a command runs on that machine. */
export async function findRunner(tx: Executor, scope: Scope, hostId: number) {
  const runnerId = (await findRunners(tx, [hostId])).get(hostId);
  const runner = runnerId === undefined ? undefined : await findCommandHost(tx, scope, runnerId);
  return runner?.hasAgent === true ? runner : undefined;
}
