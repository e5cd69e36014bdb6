import { type Column, dict, flag, float, int, list, text, time } from "../column/index.ts";
import type { ProgramFacts } from "../query/context.ts";
import type { Table } from "./table.ts";

/** Counters Nagios has and we have no word for; viewers ask for them and divide by nothing. */
const unknownCounters = [
  "neb_callbacks",
  "service_checks",
  "host_checks",
  "forks",
  "log_messages",
  "livechecks",
  "livecheck_overflows",
  "external_commands",
  "metrics",
  "perf_data",
  "livestatus_overflows",
];

const alwaysOn = ["check_service_freshness", "check_host_freshness", "process_performance_data"];

/** What a command switches for everything. */
const switches = [
  ["enable_notifications", "isNotificationEnabled"],
  ["execute_service_checks", "isActiveServiceCheckEnabled"],
  ["execute_host_checks", "isActiveHostCheckEnabled"],
  ["accept_passive_service_checks", "isPassiveServiceCheckEnabled"],
  ["accept_passive_host_checks", "isPassiveHostCheckEnabled"],
  ["enable_flap_detection", "isFlapDetectionEnabled"],
  ["enable_event_handlers", "isEventHandlerEnabled"],
] as const;

export const status: Table<ProgramFacts> = {
  name: "status",
  columns: [
    text("program_version", "Version of this program", ({ version }) => `MyCloud ${version}`),
    text("livestatus_version", "Version of this program", ({ version }) => version),
    time("program_start", "When it started", ({ startedAtMs }) => startedAtMs),
    int("nagios_pid", "Its process", () => process.pid),
    int("core_pid", "Its process", () => process.pid),
    int("interval_length", "Seconds of an interval's unit", () => 60),
    int("num_hosts", "How many hosts", (_, { view }) => view.hosts.length),
    int("num_services", "How many services", (_, { view }) => view.services.length),
    ...alwaysOn.map((name) => flag<ProgramFacts>(name, "Always 1: each object has its own setting", () => true)),
    ...switches.map(([name, key]) =>
      flag<ProgramFacts>(
        name,
        "0 when somebody switched it off for everything",
        (_, { view }) => view.definitions.overrides.program[key] ?? true,
      ),
    ),
    flag("obsess_over_services", "Always 0: use a Forward", () => false),
    flag("obsess_over_hosts", "Always 0: use a Forward", () => false),
    flag("check_external_commands", "Whether commands are taken here", ({ areCommandsTaken }) => areCommandsTaken),
    flag(
      "has_event_handlers",
      "Whether there are event handlers",
      (_, { view }) => view.definitions.eventHandlers.length > 0,
    ),
    time("last_command_check", "When the last command came", (facts) => facts.lastCommandAtMs()),
    time("last_log_rotation", "Always 0: the log is a table", () => null),
    ...counter("requests", "requests", (facts) => facts.requests()),
    ...counter("connections", "connections", (facts) => facts.connections()),
    ...unknownCounters.flatMap((name) => counter(name, "(not counted here)", () => 0)),
    float("cached_log_messages_rate", "Always 0: the log is read from the database", () => 0),
    list("custom_variable_names", "Always empty", () => []),
    list("custom_variable_values", "Always empty", () => []),
    dict("custom_variables", "Always empty", () => ({})),
    int("cached_log_messages", "Always 0: the log is read from the database", () => 0),
    int("livestatus_active_connections", "Connections now open", (facts) => facts.activeConnections()),
    int("livestatus_queued_connections", "Always 0", () => 0),
    int("livestatus_threads", "Always 1", () => 1),
    float("livestatus_usage", "Always 0", () => 0),
    float("average_latency_generic", "Always 0", () => 0),
    int("external_command_buffer_slots", "Always 0", () => 0),
    int("external_command_buffer_usage", "Always 0", () => 0),
    int("external_command_buffer_max", "Always 0", () => 0),
    int("num_queued_notifications", "Always 0", () => 0),
    int("num_queued_alerts", "Always 0", () => 0),
  ],
  rows: ({ program, viewer }) => (viewer.kind === "nothing" ? [] : [program]),
};

function counter(name: string, what: string, read: (facts: ProgramFacts) => number): Column<ProgramFacts>[] {
  return [
    int(name, `Number of ${what} since the start`, read),
    float(`${name}_rate`, `Mean ${what} a second since the start`, (facts, { nowMs }) => {
      const seconds = (nowMs - facts.startedAtMs) / 1000;
      return seconds > 0 ? read(facts) / seconds : 0;
    }),
  ];
}
