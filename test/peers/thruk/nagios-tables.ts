import type { Row, Value } from "./reference-answer.ts";

type Fields = Readonly<Record<string, string>>;
type Block = readonly [type: string, fields: Fields];

/** The files of a nagios4, as text. */
export interface NagiosText {
  readonly status: string;
  readonly objectCache: string;
  readonly log: string;
}

/** Livestatus' tables as a broker inside that nagios4 would fill them. A column that is not there has no value in these files. */
export function nagiosTables(text: NagiosText): Readonly<Record<string, readonly Row[]>> {
  const status = blocksOf(text.status, "=", /^(\w+) \{\n([\s\S]*?)^\t\}$/gm);
  const objects = blocksOf(text.objectCache, "\t", /^define (\w+) \{\n([\s\S]*?)^\t\}$/gm);
  const of = (blocks: readonly Block[], type: string) =>
    blocks.flatMap(([found, fields]) => (found === type ? [fields] : []));
  const definitions = (type: string, ...keys: string[]) =>
    new Map(of(objects, type).map((fields) => [keys.map((key) => fields[key]).join(";"), fields]));
  const remarks = [...of(status, "hostcomment"), ...of(status, "servicecomment")];
  const works = [...of(status, "hostdowntime"), ...of(status, "servicedowntime")];
  const about = (fields: Fields) => ({
    comments: remarks.filter(isAbout(fields)),
    downtimes: works.filter(isAbout(fields)),
  });
  const contactGroups = of(objects, "contactgroup");
  const membersOf = (groups: readonly string[]) =>
    contactGroups.flatMap((group) => (groups.includes(group.contactgroup_name ?? "") ? words(group.members) : []));
  const periods = new Map(of(objects, "timeperiod").map((fields) => [fields.timeperiod_name ?? "", fields]));

  const hostDefinitions = definitions("host", "host_name");
  const serviceDefinitions = definitions("service", "host_name", "service_description");
  const groupsOf = (type: string, key: string) => (wanted: string) =>
    of(objects, type)
      .filter(({ members }) => pairsOrWords(type, members).includes(wanted))
      .map((fields) => fields[key] ?? "");
  const hostGroupsOf = groupsOf("hostgroup", "hostgroup_name");
  const serviceGroupsOf = groupsOf("servicegroup", "servicegroup_name");

  const common = (state: Fields, defined: Fields, replace: (text: string) => string): Row => {
    const { comments, downtimes } = about(state);
    const groups = words(defined.contact_groups);
    const expanded = (name: string) => ({
      [name]: defined[name] ?? "",
      [`${name}_expanded`]: replace(defined[name] ?? ""),
    });
    return {
      ...numbers(state, sameInStatus),
      accept_passive_checks: number(state.passive_checks_enabled),
      acknowledged: number(state.problem_has_been_acknowledged),
      checks_enabled: number(state.active_checks_enabled),
      execution_time: number(state.check_execution_time),
      latency: number(state.check_latency),
      max_check_attempts: number(state.max_attempts),
      state: number(state.current_state),
      perf_data: state.performance_data ?? "",
      plugin_output: state.plugin_output ?? "",
      long_plugin_output: (state.long_plugin_output ?? "").replaceAll("\\n", "\n"),
      check_command: state.check_command ?? "",
      check_period: state.check_period ?? "",
      event_handler: state.event_handler ?? "",
      notification_period: state.notification_period ?? "",
      modified_attributes_list: state.modified_attributes === "0" ? [] : undefined,
      check_freshness: number(defined.check_freshness),
      first_notification_delay: number(defined.first_notification_delay),
      notification_interval: number(defined.notification_interval),
      low_flap_threshold: number(defined.low_flap_threshold),
      high_flap_threshold: number(defined.high_flap_threshold),
      // The cache leaves it out where it is the name.
      display_name: defined.display_name ?? state.service_description ?? state.host_name,
      icon_image_alt: defined.icon_image_alt ?? "",
      ...expanded("notes"),
      ...expanded("notes_url"),
      ...expanded("action_url"),
      ...expanded("icon_image"),
      // Nagios writes its names without the underscore, capital letters only.
      custom_variable_names: variables(state).map(([name]) => name),
      custom_variable_values: variables(state).map(([, value]) => value),
      contacts: [...new Set([...words(defined.contacts), ...membersOf(groups)])],
      contact_groups: groups,
      comments: comments.map((one) => number(one.comment_id)),
      comments_with_info: comments.map((one) => [number(one.comment_id), one.author, one.comment_data]),
      downtimes_with_info: downtimes.map((one) => [number(one.downtime_id), one.author, one.comment]),
      in_check_period: isAlways(periods.get(state.check_period ?? "")),
      in_notification_period: isAlways(periods.get(state.notification_period ?? "")),
    };
  };

  const serviceRows = of(status, "servicestatus").map((state): Row => {
    const key = `${state.host_name};${state.service_description}`;
    const defined = serviceDefinitions.get(key) ?? {};
    const host = hostDefinitions.get(state.host_name ?? "") ?? {};
    const replace = (text: string) =>
      replaceHost(text, host).replaceAll("$SERVICEDESC$", state.service_description ?? "");
    return {
      ...common(state, defined, replace),
      host_name: state.host_name,
      description: state.service_description,
      last_time_ok: number(state.last_time_ok),
      last_time_warning: number(state.last_time_warning),
      last_time_critical: number(state.last_time_critical),
      last_time_unknown: number(state.last_time_unknown),
      obsess_over_service: number(state.obsess),
      groups: serviceGroupsOf(`${state.host_name},${state.service_description}`),
      last_hard_state: number(state.last_hard_state),
    };
  });
  const childrenOf = (name: string) =>
    [...hostDefinitions.values()].filter((host) => words(host.parents).includes(name)).map((host) => host.host_name);
  const hosts = of(status, "hoststatus").map((state): Row => {
    const name = state.host_name ?? "";
    const defined = hostDefinitions.get(name) ?? {};
    const own = serviceRows.filter((service) => service.host_name === name);
    return {
      ...common(state, defined, (text) => replaceHost(text, defined)),
      name,
      alias: defined.alias ?? "",
      address: defined.address ?? "",
      parents: words(defined.parents),
      childs: childrenOf(name),
      groups: hostGroupsOf(name),
      services: own.map((service) => service.description),
      obsess_over_host: number(state.obsess),
      last_time_up: number(state.last_time_up),
      last_time_down: number(state.last_time_down),
      last_time_unreachable: number(state.last_time_unreachable),
      last_hard_state: number(state.last_hard_state),
      ...serviceCounts(own),
    };
  });
  const hostRow = (name: Value) => hosts.find((host) => host.name === name) ?? {};
  const withHost = (row: Row): Row => ({
    ...row,
    ...Object.fromEntries(Object.entries(hostRow(row.host_name)).map(([name, value]) => [`host_${name}`, value])),
  });
  const services = serviceRows.map(withHost);
  const withService = (row: Row): Row => {
    const service = services.find(
      (one) => one.host_name === row.host_name && one.description === row.service_description,
    );
    const host = Object.entries(hostRow(row.host_name)).map(([name, value]) => [`host_${name}`, value]);
    const own = Object.entries(service ?? {}).filter(([name]) => !name.startsWith("host_"));
    return {
      ...row,
      ...Object.fromEntries(host),
      ...Object.fromEntries(own.map(([name, value]) => [`service_${name}`, value])),
    };
  };

  const group = (fields: Fields, name: string) => ({
    name: fields[name] ?? "",
    alias: fields.alias ?? "",
    notes: fields.notes ?? "",
    notes_url: fields.notes_url ?? "",
    action_url: fields.action_url ?? "",
  });
  const contactStatus = new Map(of(status, "contactstatus").map((fields) => [fields.contact_name ?? "", fields]));
  return {
    hosts,
    services,
    hostgroups: of(objects, "hostgroup").map((fields): Row => {
      const members = words(fields.members);
      const own = hosts.filter((host) => members.includes(String(host.name)));
      return {
        ...group(fields, "hostgroup_name"),
        members,
        ...hostCounts(own),
        ...serviceCounts(serviceRows.filter((service) => members.includes(String(service.host_name)))),
      };
    }),
    servicegroups: of(objects, "servicegroup").map((fields): Row => {
      const members = pairsOrWords("servicegroup", fields.members);
      const own = serviceRows.filter((service) => members.includes(`${service.host_name},${service.description}`));
      return {
        ...group(fields, "servicegroup_name"),
        members: members.map((pair) => pair.split(",")),
        ...serviceCounts(own),
      };
    }),
    comments: remarks.map((one) =>
      withService({
        id: number(one.comment_id),
        author: one.author,
        comment: one.comment_data,
        entry_time: number(one.entry_time),
        entry_type: number(one.entry_type),
        expires: number(one.expires),
        expire_time: number(one.expire_time),
        persistent: number(one.persistent),
        source: number(one.source),
        type: one.service_description === undefined ? 1 : 2,
        host_name: one.host_name,
        service_description: one.service_description ?? "",
      }),
    ),
    downtimes: works.map((one) =>
      withService({
        id: number(one.downtime_id),
        author: one.author,
        comment: one.comment,
        entry_time: number(one.entry_time),
        start_time: number(one.start_time),
        end_time: number(one.end_time),
        fixed: number(one.fixed),
        duration: number(one.duration),
        triggered_by: number(one.triggered_by),
        host_name: one.host_name,
        service_description: one.service_description ?? "",
      }),
    ),
    contacts: of(objects, "contact").map((fields): Row => {
      const name = fields.contact_name ?? "";
      const state = contactStatus.get(name) ?? {};
      return {
        name,
        alias: fields.alias ?? "",
        email: fields.email ?? "",
        pager: fields.pager ?? "",
        ...Object.fromEntries([1, 2, 3, 4, 5].map((index) => [`address${index}`, fields[`address${index}`] ?? ""])),
        can_submit_commands: number(fields.can_submit_commands),
        host_notification_period: fields.host_notification_period ?? "",
        service_notification_period: fields.service_notification_period ?? "",
        in_host_notification_period: isAlways(periods.get(fields.host_notification_period ?? "")),
        in_service_notification_period: isAlways(periods.get(fields.service_notification_period ?? "")),
        host_notifications_enabled: number(state.host_notifications_enabled),
        service_notifications_enabled: number(state.service_notifications_enabled),
        host_notification_commands: words(fields.host_notification_commands),
        service_notification_commands: words(fields.service_notification_commands),
        modified_attributes_list: state.modified_attributes === "0" ? [] : undefined,
        custom_variable_names: variables(state).map(([variable]) => variable),
        custom_variable_values: variables(state).map(([, value]) => value),
        groups: contactGroups
          .filter((one) => words(one.members).includes(name))
          .map((one) => one.contactgroup_name ?? ""),
      };
    }),
    contactgroups: contactGroups.map((fields) => ({
      name: fields.contactgroup_name,
      alias: fields.alias ?? "",
      members: words(fields.members),
    })),
    timeperiods: [...periods.values()].map((fields) => ({
      name: fields.timeperiod_name,
      alias: fields.alias ?? "",
      in: isAlways(fields),
      exclusions: words(fields.exclude),
    })),
    commands: of(objects, "command").map((fields) => ({ name: fields.command_name, line: fields.command_line })),
    status: of(status, "programstatus").map((fields) => ({
      ...numbers(fields, programFields),
      accept_passive_host_checks: number(fields.passive_host_checks_enabled),
      accept_passive_service_checks: number(fields.passive_service_checks_enabled),
      execute_host_checks: number(fields.active_host_checks_enabled),
      execute_service_checks: number(fields.active_service_checks_enabled),
    })),
    log: logRows(text.log),
  };
}

/** What the status file says under the very name that Livestatus has. */
const sameInStatus = [
  "active_checks_enabled",
  "check_interval",
  "check_options",
  "check_type",
  "current_attempt",
  "current_notification_number",
  "event_handler_enabled",
  "flap_detection_enabled",
  "has_been_checked",
  "is_flapping",
  "last_check",
  "last_notification",
  "last_state_change",
  "next_check",
  "notifications_enabled",
  "percent_state_change",
  "process_performance_data",
  "retry_interval",
  "scheduled_downtime_depth",
  "state_type",
];
const programFields = [
  "check_host_freshness",
  "check_service_freshness",
  "enable_event_handlers",
  "enable_flap_detection",
  "enable_notifications",
  "obsess_over_hosts",
  "obsess_over_services",
  "process_performance_data",
];

function blocksOf(text: string, separator: string, pattern: RegExp): Block[] {
  return Array.from(text.matchAll(pattern), ([, type = "", body = ""]) => {
    const lines = body.split("\n").filter((line) => line.includes(separator));
    const pairs = lines.map((line) => {
      const trimmed = line.slice(1);
      const at = trimmed.indexOf(separator);
      return [trimmed.slice(0, at).trim(), trimmed.slice(at + 1)];
    });
    return [type, Object.fromEntries(pairs)];
  });
}

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const numbers = (fields: Fields, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, number(fields[name])]));
const words = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(/\s*,\s*/));

/** A service group's members are pairs: host, service, host, service. */
function pairsOrWords(type: string, members: string | undefined): string[] {
  const all = words(members);
  if (type !== "servicegroup") return all;
  return all.flatMap((host, index) => (index % 2 === 0 ? [`${host},${all[index + 1]}`] : []));
}

/** `_NAME=0;value` in the status file. */
function variables(state: Fields): (readonly [string, string])[] {
  return Object.entries(state).flatMap(([name, value]) =>
    name.startsWith("_") ? [[name.slice(1), value.slice(value.indexOf(";") + 1)] as const] : [],
  );
}

function replaceHost(text: string, host: Fields): string {
  return text.replaceAll("$HOSTNAME$", host.host_name ?? "").replaceAll("$HOSTADDRESS$", host.address ?? "");
}

const isAbout = (state: Fields) => (fields: Fields) =>
  fields.host_name === state.host_name && fields.service_description === state.service_description;

/** 1 for a period of all times, 0 for one without any: the test needs no others, and no calendar of its own. */
function isAlways(period: Fields | undefined): number {
  return period === undefined || period.monday !== undefined ? 1 : 0;
}

const stateNames = ["ok", "warn", "crit", "unknown"];
/** As Nagios' broker orders them: OK, WARNING, UNKNOWN, CRITICAL. */
const badness = (state: number) => (state === 2 ? 4 : state);
const hardState = (row: Row) => Number(row.state_type === 1 ? row.state : row.last_hard_state);
const worst = (states: readonly number[]) => states.reduce((a, b) => (badness(b) > badness(a) ? b : a), 0);

function serviceCounts(services: readonly Row[]): Row {
  const checked = services.filter((service) => service.has_been_checked === 1);
  const count = (states: readonly number[], state: number) => states.filter((one) => one === state).length;
  const present = checked.map((service) => Number(service.state));
  const hard = checked.map(hardState);
  return {
    num_services: services.length,
    num_services_pending: services.length - checked.length,
    ...Object.fromEntries(stateNames.map((name, state) => [`num_services_${name}`, count(present, state)])),
    ...Object.fromEntries(stateNames.map((name, state) => [`num_services_hard_${name}`, count(hard, state)])),
    worst_service_state: worst(present),
    worst_service_hard_state: worst(hard),
  };
}

function hostCounts(hosts: readonly Row[]): Row {
  const checked = hosts.filter((host) => host.has_been_checked === 1);
  const count = (state: number) => checked.filter((host) => host.state === state).length;
  return {
    num_hosts: hosts.length,
    num_hosts_pending: hosts.length - checked.length,
    num_hosts_up: count(0),
    num_hosts_down: count(1),
    num_hosts_unreach: count(2),
    // DOWN is worse than UNREACHABLE.
    worst_host_state: count(1) > 0 ? 1 : count(2) > 0 ? 2 : 0,
  };
}

const hostStates = ["UP", "DOWN", "UNREACHABLE"];
const serviceStates = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

/** The alerts of a nagios.log, as Livestatus takes its lines apart. */
function logRows(log: string): Row[] {
  return Array.from(log.matchAll(/^\[(\d+)\] ((HOST|SERVICE) ALERT): (.*)$/gm), ([, time, type, kind, rest = ""]) => {
    const [host, ...fields] = rest.split(";");
    const service = kind === "SERVICE" ? fields.shift() : "";
    const [state = "", stateType, , ...output] = fields;
    return {
      class: 1,
      time: Number(time),
      type,
      state: (kind === "SERVICE" ? serviceStates : hostStates).indexOf(state),
      host_name: host,
      service_description: service,
      plugin_output: output.join(";"),
      message: `[${time}] ${type}: ${rest}`,
      options: rest,
      state_type: stateType,
      contact_name: "",
    };
  });
}
