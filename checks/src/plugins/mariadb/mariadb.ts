import { readFileSync } from "node:fs";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { readPort } from "../../connection/network-options.ts";
import { formatDuration, plural, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import {
  crossedThreshold,
  judge,
  perfdataThresholds,
  type Thresholds,
  thresholdsFrom,
} from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { type DatabaseFigures, readFigures } from "./read-figures.ts";
import { judgeReplication, type ReplicaStatus } from "./replication.ts";

/** A MariaDB or MySQL server. */
export const mariadb = {
  name: "mariadb",
  summary: "a MariaDB or MySQL server: connection, threads, replication lag",
  notes:
    "Without -S, -w and -c judge connections in use, in percent of max_connections (default 85 and 95). With -S they judge the seconds a replica " +
    "is behind, as check_mysql has it; a replica that does not run is CRITICAL. The password is read from a file, never from the command line. " +
    "The account needs no privilege but to connect; for -S it needs SLAVE MONITOR (MariaDB) or REPLICATION CLIENT (MySQL).",
  options: [
    {
      letter: "H",
      name: "hostname",
      value: "HOST",
      default: "127.0.0.1",
      description: "name or address of the server",
    },
    { letter: "P", name: "port", value: "PORT", default: "3306", description: "its port" },
    { letter: "s", name: "socket", value: "PATH", description: "connect by this Unix socket instead" },
    { letter: "u", name: "username", value: "NAME", default: "mycloud", description: "account to log in with" },
    { name: "password-file", value: "FILE", description: "file that holds the password and nothing else" },
    { letter: "d", name: "database", value: "NAME", description: "database that must be there" },
    { letter: "S", name: "check-slave", description: "judge replication" },
    { letter: "w", name: "warning", value: "RANGE", description: "connections in use (%), or with -S seconds behind" },
    { letter: "c", name: "critical", value: "RANGE", description: "connections in use (%), or with -S seconds behind" },
    { name: "ssl", description: "connect by TLS" },
  ],
  examples: [
    { arguments: "-s /run/mysqld/mysqld.sock -u root", description: "the local server, by its socket" },
    { arguments: "-H db2.example.org --password-file /etc/mycloud/db -S -w 60 -c 600", description: "a replica" },
  ],
  async run(options, context) {
    const isReplica = options.isGiven("check-slave");
    const given = thresholdsFrom(options);
    const hasThresholds = options.isGiven("warning") || options.isGiven("critical");
    const connectionLimits: Thresholds = isReplica || !hasThresholds ? DEFAULT_CONNECTION_LIMITS : given;
    const place = describePlace(options);
    const target = readTarget(options);
    let figures: DatabaseFigures;
    try {
      figures = await readFigures(target, isReplica, context.signal);
    } catch (error) {
      if (error instanceof StoppedWaiting) throw new StoppedWaiting(`${error.waitingFor} at ${place}`);
      return report("mariadb", 2, `${place}: ${explainDatabaseError(error)}`);
    }
    const usedPercent = rounded((figures.threadsConnected / figures.maxConnections) * 100, 1);
    const connectionCode = judge(usedPercent, connectionLimits);
    const replication = isReplica ? judgeReplication(figures.replica, given) : undefined;
    const connections =
      `${plural(figures.threadsConnected, "connection")} of ${figures.maxConnections} (${usedPercent}%)` +
      crossedThreshold(connectionCode, connectionLimits, "%");
    const parts = [
      ...(replication === undefined ? [] : [replication.text]),
      connections,
      `up ${formatDuration(figures.uptimeSeconds)}`,
    ];
    const codes: ReturnCode[] = [connectionCode, replication?.returnCode ?? 0];
    return report("mariadb", worstOf(codes), `${place} (${printable(figures.version, 60)}): ${parts.join(", ")}`, {
      perfdata: [
        {
          label: "connections",
          value: usedPercent,
          unit: "%",
          ...perfdataThresholds(connectionLimits),
          min: 0,
          max: 100,
        },
        count("threads_connected", figures.threadsConnected),
        count("threads_running", figures.threadsRunning),
        counter("questions", figures.questions),
        counter("slow_queries", figures.slowQueries),
        { label: "uptime", value: figures.uptimeSeconds, unit: "s", min: 0 },
        ...lagDatum(figures.replica, given),
      ],
    });
  },
} satisfies Plugin;

const DEFAULT_CONNECTION_LIMITS: Thresholds = {
  warning: { start: 0, end: 85, isInside: false },
  critical: { start: 0, end: 95, isInside: false },
};

function readTarget(options: OptionValues) {
  const file = options.text("password-file");
  const socketPath = options.text("socket");
  const database = options.text("database");
  const password = file === undefined ? undefined : readFileSync(file, "utf8").replace(/\r?\n$/, "");
  return {
    ...(socketPath === undefined
      ? { host: options.requiredText("hostname"), port: readPort(options) ?? 3_306 }
      : { socketPath }),
    user: options.requiredText("username"),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(options.isGiven("ssl") ? { ssl: { rejectUnauthorized: false } } : {}),
  };
}

function describePlace(options: OptionValues): string {
  return options.text("socket") ?? `${options.text("hostname")} port ${options.text("port")}`;
}

/** The connector wraps what happened in a line with connection numbers and its own codes. */
function explainDatabaseError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error && "code" in error.cause) return explainNetworkError(error.cause);
  if ("sqlMessage" in error && typeof error.sqlMessage === "string") return printable(error.sqlMessage, 300);
  return printable(explainNetworkError(error), 300);
}

function count(label: string, value: number): Perfdatum {
  return { label, value, unit: "", min: 0 };
}

function counter(label: string, value: number): Perfdatum {
  return { label, value, unit: "c", min: 0 };
}

function lagDatum(replica: ReplicaStatus | undefined, thresholds: Thresholds): Perfdatum[] {
  if (replica === undefined) return [];
  return [{ label: "lag", value: replica.secondsBehind, unit: "s", ...perfdataThresholds(thresholds), min: 0 }];
}
