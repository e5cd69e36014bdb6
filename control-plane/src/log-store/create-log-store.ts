import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { LogStore } from "./log-store.ts";
import type { LogStoreLocation } from "./log-store-location.ts";
import { createSqliteLogStore } from "./sqlite/index.ts";

export interface LogStoreDependencies {
  readonly location: LogStoreLocation;
  readonly logger: Logger;
  /** For the store's own metrics. */
  readonly registry: Registry;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Opens the store of logs. The caller closes it. Throws when its place cannot be used. */
export async function createLogStore(dependencies: LogStoreDependencies): Promise<LogStore> {
  const { location, ...others } = dependencies;
  if (location.kind !== "sqlite") throw new Error("logs are kept in ClickHouse by a later version");
  return await createSqliteLogStore({ ...others, directory: location.directory });
}
