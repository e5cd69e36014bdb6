import type { Connection, ConnectionConfig } from "mariadb";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import type { ReplicaStatus } from "./replication.ts";

/** What a server says of itself. */
export interface DatabaseFigures {
  readonly version: string;
  readonly threadsConnected: number;
  readonly threadsRunning: number;
  readonly maxConnections: number;
  readonly questions: number;
  readonly slowQueries: number;
  readonly uptimeSeconds: number;
  readonly replica: ReplicaStatus | undefined;
}

/** Connects, reads, disconnects. Rejects with the connector's error, and with StoppedWaiting on abort. */
export async function readFigures(
  target: ConnectionConfig,
  withReplica: boolean,
  signal: AbortSignal,
): Promise<DatabaseFigures> {
  // Some 3 MB of code that most agents never need.
  const { createConnection } = await import("mariadb");
  const stopped = rejectOnAbort(signal, "an answer from the database");
  const connecting = createConnection({ ...target, connectTimeout: 3_600_000, bigIntAsNumber: true, initSql: [] });
  let connection: Connection;
  try {
    connection = await Promise.race([connecting, stopped.promise]);
  } catch (error) {
    // The connection may still come about after we gave up; it must not stay.
    connecting.then(
      (late) => late.destroy(),
      () => undefined,
    );
    stopped.dispose();
    throw error;
  }
  try {
    return await Promise.race([query(connection, withReplica), stopped.promise]);
  } finally {
    stopped.dispose();
    connection.destroy();
  }
}

function rejectOnAbort(signal: AbortSignal, waitingFor: string): { promise: Promise<never>; dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new StoppedWaiting(waitingFor));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  promise.catch(() => undefined);
  return { promise, dispose: () => signal.removeEventListener("abort", onAbort) };
}

async function query(connection: Connection, withReplica: boolean): Promise<DatabaseFigures> {
  const status = toMap(
    await connection.query(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_connected', 'Threads_running', 'Questions', 'Slow_queries', 'Uptime')",
    ),
  );
  const variables = toMap(
    await connection.query("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('max_connections', 'version')"),
  );
  const replicaRows = withReplica ? rowsOf(await connection.query("SHOW SLAVE STATUS")) : [];
  const number = (name: string): number => Number(status.get(name) ?? 0);
  return {
    version: variables.get("version") ?? "unknown version",
    threadsConnected: number("Threads_connected"),
    threadsRunning: number("Threads_running"),
    maxConnections: Math.max(1, Number(variables.get("max_connections") ?? 1)),
    questions: number("Questions"),
    slowQueries: number("Slow_queries"),
    uptimeSeconds: number("Uptime"),
    replica: replicaRows[0] === undefined ? undefined : toReplica(replicaRows[0]),
  };
}

type Row = ReadonlyMap<string, unknown>;

function rowsOf(result: unknown): Row[] {
  if (!Array.isArray(result)) return [];
  return result.filter((row) => typeof row === "object" && row !== null).map((row) => new Map(Object.entries(row)));
}

function toMap(result: unknown): Map<string, string> {
  return new Map(rowsOf(result).map((row) => [String(row.get("Variable_name")), String(row.get("Value"))]));
}

function toReplica(row: Row): ReplicaStatus {
  const text = (...names: string[]): string =>
    String(names.map((name) => row.get(name)).find((value) => value != null) ?? "");
  const behind = row.get("Seconds_Behind_Master") ?? row.get("Seconds_Behind_Source");
  return {
    ioRunning: text("Slave_IO_Running", "Replica_IO_Running"),
    sqlRunning: text("Slave_SQL_Running", "Replica_SQL_Running"),
    secondsBehind: behind === null || behind === undefined ? null : Number(behind),
    lastError: text("Last_IO_Error") || text("Last_SQL_Error") || text("Last_Error"),
  };
}
