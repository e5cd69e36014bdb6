/**
 * What one line has to do: what it changes, as `table: text that the rows gained or lost`, or the one reason why it is refused. Fields may hold
 * `$NOW` (seconds), `$LATER` (an hour on), and `$DOWNTIME_HOST`, `$DOWNTIME_SVC`, `$COMMENT_HOST`, `$COMMENT_SVC`: ids of the world below.
 */
export type Expectation = { readonly changes: string } | { readonly refused: RegExp };
export type CommandCase = readonly [name: string, fields: string, expectation: Expectation];

const changes = (what: string): Expectation => ({ changes: what });
const refused = (why: RegExp): Expectation => ({ refused: why });

/** ENABLE_ and DISABLE_ of one name, the latter first so that both change something. */
function switching(name: string, fields: string, what: string): CommandCase[] {
  return [
    [`DISABLE_${name}`, fields, changes(`override: ${what}":false`)],
    [`ENABLE_${name}`, fields, changes(`override: ${what}":true`)],
  ];
}

function inTurn(names: readonly string[], fields: string, what: string): CommandCase[] {
  return names.map((name, index) => [name, fields, changes(`override: ${what}":${index % 2 === 1}`)]);
}

const window = "$NOW;$LATER;1;0;0;dora;new disk";
const obsessing = /passed on by Forward definitions/;
const executing = /said by definitions/;

/**
 * Every command that nagios4 4.4.6 knows (base/commands.c), in an order in which each can do something, upon: host web1 in host group "web", DOWN and told
 * of, with the services s1 (CRITICAL and told of, in service group "disks") and s2; host web2 behind it; contact anna in contact group "admins"; time
 * period "nights".
 */
export const nagiosCommands: readonly CommandCase[] = [
  // Comments.
  ["ADD_HOST_COMMENT", "web1;1;dora;of the host", changes("comment: of the host")],
  ["ADD_SVC_COMMENT", "web1;s1;1;dora;of s1", changes("comment: of s1")],
  ["DEL_HOST_COMMENT", "$COMMENT_HOST", changes("comment: first of the host")],
  ["DEL_SVC_COMMENT", "$COMMENT_SVC", changes("comment: first of s1")],
  ["DEL_ALL_HOST_COMMENTS", "web1", changes("comment: of the host")],
  ["DEL_ALL_SVC_COMMENTS", "web1;s1", changes("comment: of s1")],
  // Acknowledgements.
  ["ACKNOWLEDGE_HOST_PROBLEM", "web1;2;1;0;dora;host is known", changes("acknowledgement: host is known")],
  ["ACKNOWLEDGE_SVC_PROBLEM", "web1;s1;2;1;0;dora;disk is known", changes("acknowledgement: disk is known")],
  ["REMOVE_HOST_ACKNOWLEDGEMENT", "web1", changes("acknowledgement: host is known")],
  ["REMOVE_SVC_ACKNOWLEDGEMENT", "web1;s1", changes("acknowledgement: disk is known")],
  // Downtimes.
  ["SCHEDULE_HOST_DOWNTIME", `web1;${window}`, changes('downtime: "hosts":["web1"],"services":[]')],
  ["SCHEDULE_SVC_DOWNTIME", `web1;s1;${window}`, changes('downtime: "services":["s1"]')],
  ["SCHEDULE_HOST_SVC_DOWNTIME", `web1;${window}`, changes('downtime: "services":["*"]')],
  ["SCHEDULE_HOSTGROUP_HOST_DOWNTIME", `web;${window}`, changes('downtime: "groups":["web"],"services":[]')],
  ["SCHEDULE_HOSTGROUP_SVC_DOWNTIME", `web;${window}`, changes('downtime: "groups":["web"],"services":["*"]')],
  ["SCHEDULE_SERVICEGROUP_HOST_DOWNTIME", `disks;${window}`, changes('downtime: "hosts":["web1"]')],
  ["SCHEDULE_SERVICEGROUP_SVC_DOWNTIME", `disks;${window}`, changes('downtime: "services":["s1"]')],
  ["SCHEDULE_AND_PROPAGATE_HOST_DOWNTIME", `web1;${window}`, changes('downtime: "hosts":["web2"]')],
  ["SCHEDULE_AND_PROPAGATE_TRIGGERED_HOST_DOWNTIME", `web1;${window}`, changes('downtime: "hosts":["web2"]')],
  ["DEL_HOST_DOWNTIME", "$DOWNTIME_HOST", changes("downtime: first of the host")],
  ["DEL_SVC_DOWNTIME", "$DOWNTIME_SVC", changes("downtime: first of s1")],
  ["DEL_DOWNTIME_BY_START_TIME_COMMENT", ";only this", changes("downtime: only this")],
  ["DEL_DOWNTIME_BY_HOST_NAME", "web2", changes('downtime: "hosts":["web2"]')],
  ["DEL_DOWNTIME_BY_HOSTGROUP_NAME", "web", changes("downtime: new disk")],
  // Results and checks.
  ["PROCESS_HOST_CHECK_RESULT", "web1;1;host is away", changes("check_result: host is away")],
  ["PROCESS_SERVICE_CHECK_RESULT", "web1;s1;2;disk is full", changes("check_result: disk is full")],
  ["SCHEDULE_HOST_CHECK", "web1;$NOW", changes("asked: hosts 1")],
  ["SCHEDULE_FORCED_HOST_CHECK", "web1;$LATER", changes("asked: hosts 1 at ")],
  ["SCHEDULE_HOST_SVC_CHECKS", "web1;$NOW", changes("asked: hosts 1")],
  ["SCHEDULE_FORCED_HOST_SVC_CHECKS", "web1;$NOW", changes("asked: hosts 1")],
  ["SCHEDULE_SVC_CHECK", "web1;s1;$LATER", changes("asked: services 1 at ")],
  ["SCHEDULE_FORCED_SVC_CHECK", "web1;s1;$NOW", changes("asked: services 1")],
  // What is told.
  ["SEND_CUSTOM_HOST_NOTIFICATION", "web1;0;dora;of the host", changes("told: dora: of the host")],
  ["SEND_CUSTOM_SVC_NOTIFICATION", "web1;s1;0;dora;of s1", changes("told: dora: of s1")],
  ["DELAY_HOST_NOTIFICATION", "web1;$LATER", changes('notification_schedule: "due_at_ms":1700003600000')],
  ["DELAY_SVC_NOTIFICATION", "web1;s1;$LATER", changes('notification_schedule: "due_at_ms":1700003600000')],
  ["SET_HOST_NOTIFICATION_NUMBER", "web1;7", changes('notification_schedule: "count":7')],
  ["SET_SVC_NOTIFICATION_NUMBER", "web1;s1;8", changes('notification_schedule: "count":8')],
  // Switches of one host or service.
  ...switching("HOST_CHECK", "web1", "isActiveCheckEnabled"),
  ...switching("SVC_CHECK", "web1;s1", "isActiveCheckEnabled"),
  ...switching("PASSIVE_HOST_CHECKS", "web1", "isPassiveCheckEnabled"),
  ...switching("PASSIVE_SVC_CHECKS", "web1;s1", "isPassiveCheckEnabled"),
  ...switching("HOST_NOTIFICATIONS", "web1", "isNotificationEnabled"),
  ...switching("SVC_NOTIFICATIONS", "web1;s1", "isNotificationEnabled"),
  ...switching("HOST_EVENT_HANDLER", "web1", "isEventHandlerEnabled"),
  ...switching("SVC_EVENT_HANDLER", "web1;s1", "isEventHandlerEnabled"),
  ...switching("HOST_FLAP_DETECTION", "web1", "isFlapDetectionEnabled"),
  ...switching("SVC_FLAP_DETECTION", "web1;s1", "isFlapDetectionEnabled"),
  // Switches of many.
  ...switching("HOST_SVC_CHECKS", "web1", "isActiveCheckEnabled"),
  ...switching("HOST_SVC_NOTIFICATIONS", "web1", "isNotificationEnabled"),
  ...switching("HOST_AND_CHILD_NOTIFICATIONS", "web1", "isNotificationEnabled"),
  ...switching("ALL_NOTIFICATIONS_BEYOND_HOST", "web1", "isNotificationEnabled"),
  ...["HOSTGROUP", "SERVICEGROUP"].flatMap((group) => {
    const name = group === "HOSTGROUP" ? "web" : "disks";
    return ["HOST", "SVC"].flatMap((what) => [
      ...switching(`${group}_${what}_CHECKS`, name, "isActiveCheckEnabled"),
      ...switching(`${group}_${what}_NOTIFICATIONS`, name, "isNotificationEnabled"),
      ...switching(`${group}_PASSIVE_${what}_CHECKS`, name, "isPassiveCheckEnabled"),
    ]);
  }),
  // Switches of everything.
  ...switching("NOTIFICATIONS", "", "isNotificationEnabled"),
  ...inTurn(["ENTER_STANDBY_MODE", "ENTER_ACTIVE_MODE"], "", "isNotificationEnabled"),
  ...switching("EVENT_HANDLERS", "", "isEventHandlerEnabled"),
  ...switching("FLAP_DETECTION", "", "isFlapDetectionEnabled"),
  ...inTurn(["STOP_EXECUTING_HOST_CHECKS", "START_EXECUTING_HOST_CHECKS"], "", "isActiveHostCheckEnabled"),
  ...inTurn(["STOP_EXECUTING_SVC_CHECKS", "START_EXECUTING_SVC_CHECKS"], "", "isActiveServiceCheckEnabled"),
  ...inTurn(
    ["STOP_ACCEPTING_PASSIVE_HOST_CHECKS", "START_ACCEPTING_PASSIVE_HOST_CHECKS"],
    "",
    "isPassiveHostCheckEnabled",
  ),
  ...inTurn(
    ["STOP_ACCEPTING_PASSIVE_SVC_CHECKS", "START_ACCEPTING_PASSIVE_SVC_CHECKS"],
    "",
    "isPassiveServiceCheckEnabled",
  ),
  // Changes of how something is checked.
  ...(["HOST", "SVC"] as const).flatMap((word): CommandCase[] => {
    const object = word === "HOST" ? "web1" : "web1;s1";
    return [
      [`CHANGE_NORMAL_${word}_CHECK_INTERVAL`, `${object};2.5`, changes('override: "checkIntervalSeconds":150')],
      [`CHANGE_RETRY_${word}_CHECK_INTERVAL`, `${object};0.5`, changes('override: "retryIntervalSeconds":30')],
      [`CHANGE_MAX_${word}_CHECK_ATTEMPTS`, `${object};5`, changes('override: "maxCheckAttempts":5')],
      [`CHANGE_${word}_CHECK_TIMEPERIOD`, `${object};nights`, changes('override: "checkPeriod":"nights"')],
      [`CHANGE_CUSTOM_${word}_VAR`, `${object};_rack;A; 4`, changes('override: "RACK":"A; 4"')],
      [`CHANGE_${word}_MODATTR`, `${object};0`, changes('override: "RACK":"A; 4"')],
      [`CLEAR_${word}_FLAPPING_STATE`, object, changes(`state: ${(word === "HOST" ? "1" : "2").repeat(21)}`)],
      [`CHANGE_${word}_CHECK_COMMAND`, `${object};rm`, refused(executing)],
      [`CHANGE_${word}_EVENT_HANDLER`, `${object};rm`, refused(executing)],
      [`CHANGE_GLOBAL_${word}_EVENT_HANDLER`, "rm", refused(executing)],
      [`CHANGE_${word}_NOTIFICATION_TIMEPERIOD`, `${object};nights`, refused(/said by the notification rules/)],
      [`START_OBSESSING_OVER_${word}`, object, refused(obsessing)],
      [`STOP_OBSESSING_OVER_${word}`, object, refused(obsessing)],
      [`START_OBSESSING_OVER_${word}_CHECKS`, "", refused(obsessing)],
      [`STOP_OBSESSING_OVER_${word}_CHECKS`, "", refused(obsessing)],
    ];
  }),
  // Contacts.
  ...switching("CONTACT_HOST_NOTIFICATIONS", "anna", "isHostNotificationEnabled"),
  ...switching("CONTACT_SVC_NOTIFICATIONS", "anna", "isServiceNotificationEnabled"),
  ...switching("CONTACTGROUP_HOST_NOTIFICATIONS", "admins", "isHostNotificationEnabled"),
  ...switching("CONTACTGROUP_SVC_NOTIFICATIONS", "admins", "isServiceNotificationEnabled"),
  ["CHANGE_CONTACT_HOST_NOTIFICATION_TIMEPERIOD", "anna;nights", changes('override: "hostPeriod":"nights"')],
  ["CHANGE_CONTACT_SVC_NOTIFICATION_TIMEPERIOD", "anna;nights", changes('override: "servicePeriod":"nights"')],
  ["CHANGE_CUSTOM_CONTACT_VAR", "anna;_desk;12", changes('override: "DESK":"12"')],
  ["CHANGE_CONTACT_MODHATTR", "anna;0", changes('override: "hostPeriod":"nights"')],
  ["CHANGE_CONTACT_MODSATTR", "anna;0", changes('override: "servicePeriod":"nights"')],
  ["CHANGE_CONTACT_MODATTR", "anna;0", changes('override: "DESK":"12"')],
  // What there is no need for, or no way.
  ...["HOST", "SERVICE"].flatMap((what): CommandCase[] => [
    [`ENABLE_${what}_FRESHNESS_CHECKS`, "", refused(/silence is always noticed/)],
    [`DISABLE_${what}_FRESHNESS_CHECKS`, "", refused(/silence is always noticed/)],
  ]),
  ["ENABLE_PERFORMANCE_DATA", "", refused(/always kept/)],
  ["DISABLE_PERFORMANCE_DATA", "", refused(/always kept/)],
  ["PROCESS_FILE", "/etc/passwd;1", refused(/does not name files/)],
  ["RESTART_PROCESS", "", refused(/service manager/)],
  ["RESTART_PROGRAM", "", refused(/service manager/)],
  ["SHUTDOWN_PROCESS", "", refused(/service manager/)],
  ["SHUTDOWN_PROGRAM", "", refused(/service manager/)],
  ["SAVE_STATE_INFORMATION", "", refused(/in the database/)],
  ["READ_STATE_INFORMATION", "", refused(/in the database/)],
];
