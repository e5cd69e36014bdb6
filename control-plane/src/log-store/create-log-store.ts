import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { createClickHouseLogStore } from "./clickhouse/index.ts";
import type { LogStore } from "./log-store.ts";
import type { LogStoreLocation } from "./log-store-location.ts";
import { createSqliteLogStore } from "./sqlite/index.ts";

export interface LogStoreDependencies {
  readonly location: LogStoreLocation;
  readonly logger: Logger;
  /** For the store's own metrics. */
  readonly registry: Registry;
}

/** Opens the store of logs. The caller closes it. Throws when its place cannot be used. */
export async function createLogStore(dependencies: LogStoreDependencies): Promise<LogStore> {
  const { location, ...others } = dependencies;
  return location.kind === "sqlite"
    ? await createSqliteLogStore({ ...others, directory: location.directory })
    : await createClickHouseLogStore({ ...others, location });
}
