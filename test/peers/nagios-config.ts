import path from "node:path";

/** A host, or with `host` a service on it, to be fed with passive results. */
export interface NagiosObject {
  readonly kind: "host" | "service";
  readonly name: string;
  /** The host of a service. */
  readonly host?: string;
  /** The hosts that a host is reached through. */
  readonly parents?: readonly string[];
  readonly maxCheckAttempts: number;
  readonly flapping?: { readonly isEnabled: boolean; readonly lowPercent: number; readonly highPercent: number };
}

/** A week's days, as Nagios names them. */
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const wholeWeek = Object.fromEntries(WEEKDAYS.map((day) => [day, "00:00-24:00"]));

// nagios refuses to start without one of each, though nothing here ever runs, notifies or waits for a time of day.
const REQUIRED =
  define("command", { command_name: "never-run", command_line: "/bin/false" }) +
  define("timeperiod", { timeperiod_name: "always", alias: "always", ...wholeWeek }) +
  define("contact", {
    contact_name: "nobody",
    host_notification_period: "always",
    service_notification_period: "always",
    host_notification_commands: "never-run",
    service_notification_commands: "never-run",
  });

/** The text of an object file that defines these, and whatever `more` defines. */
export function nagiosObjects(objects: readonly NagiosObject[], more = ""): string {
  return REQUIRED + objects.map(defineObject).join("") + more;
}

function defineObject(object: NagiosObject): string {
  const { flapping } = object;
  const names =
    object.kind === "host"
      ? { host_name: object.name, address: "192.0.2.1" }
      : { host_name: object.host ?? "", service_description: object.name };
  return define(object.kind, {
    ...names,
    ...(object.parents?.length ? { parents: object.parents.join(",") } : {}),
    check_command: "never-run",
    check_period: "always",
    notification_period: "always",
    contacts: "nobody",
    active_checks_enabled: 0,
    passive_checks_enabled: 1,
    max_check_attempts: object.maxCheckAttempts,
    // So long that nagios does not take the state of a host into its flapping history just because a service reported.
    check_interval: 100_000,
    retry_interval: 100_000,
    notification_interval: 100_000,
    flap_detection_enabled: flapping?.isEnabled ? 1 : 0,
    ...(flapping ? { low_flap_threshold: flapping.lowPercent, high_flap_threshold: flapping.highPercent } : {}),
  });
}

/** One definition of an object file. */
export function define(type: string, directives: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(directives).map(([name, value]) => `  ${name} ${value}\n`);
  return `define ${type} {\n${lines.join("")}}\n`;
}

/** A nagios.cfg that keeps every file in `directory`; `settings` win over what is chosen here. */
export function nagiosMainConfig(directory: string, settings: Readonly<Record<string, string | number>>): string {
  const file = (name: string) => path.join(directory, name);
  const lines = {
    cfg_file: file("objects.cfg"),
    log_file: file("nagios.log"),
    status_file: file("status.dat"),
    object_cache_file: file("objects.cache"),
    precached_object_file: file("objects.precache"),
    state_retention_file: file("retention.dat"),
    command_file: file("nagios.cmd"),
    query_socket: file("nagios.qh"),
    lock_file: file("nagios.pid"),
    temp_file: file("nagios.tmp"),
    temp_path: directory,
    check_result_path: file("checkresults"),
    log_archive_path: directory,
    // As root nagios changes to this user: to itself, so that it may write where we may.
    nagios_user: process.getuid?.() ?? 0,
    nagios_group: process.getgid?.() ?? 0,
    check_workers: 1,
    status_update_interval: 1,
    retain_state_information: 0,
    check_external_commands: 1,
    execute_service_checks: 0,
    execute_host_checks: 0,
    check_service_freshness: 0,
    enable_notifications: 0,
    enable_event_handlers: 0,
    enable_flap_detection: 1,
    passive_host_checks_are_soft: 0,
    log_rotation_method: "n",
    log_service_retries: 1,
    log_host_retries: 1,
    log_passive_checks: 0,
    log_external_commands: 0,
    use_syslog: 0,
    check_for_updates: 0,
    ...settings,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
