import { keepaliveIntervalOf } from "../../freshness/overdue-after.ts";
import { modifiedAttributes, modifiedIn } from "../../monitored/modified-attributes.ts";
import { isFlapDetectionOn } from "../../monitored/runtime-override.ts";
import type { ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, dict, flag, float, int, list, text, time } from "./column.ts";
import { expandMacros } from "./expand-macros.ts";
import { commentColumns } from "./remark-columns.ts";
import { hasBeenChecked, shownHardState, shownState } from "./shown-state.ts";

type Read<Result> = (object: ViewedObject, context: QueryContext) => Result;

/** The columns that hosts and services have in common, in Nagios' meaning. */
export const objectColumns: readonly Column<ViewedObject>[] = [
  int("id", "Our own number of it", (object) => object.id),
  ...stateColumns(),
  ...timeColumns(),
  ...settingColumns(),
  ...notificationColumns(),
  ...textColumns(),
  ...causeColumns(),
  ...commentColumns,
];

function stateColumns(): Column<ViewedObject>[] {
  return [
    int(
      "state",
      "Present state: services 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; hosts 0 UP, 1 DOWN, 2 UNREACHABLE; what is stale is 3, a host 2",
      shownState,
    ),
    int("hard_state", "The last state that was believed (HARD)", shownHardState),
    int("last_hard_state", "The last state that was believed (HARD)", shownHardState),
    int("last_state", "The state before a SOFT one, else the present one", ({ state }) =>
      state.isHard ? state.state : state.lastHardState,
    ),
    int("initial_state", "Always 0: nothing is assumed", () => 0),
    flag("state_type", "0 SOFT, 1 HARD", ({ state }) => state.isHard || state.isStale),
    flag(
      "is_reachable",
      "Whether no host on the way to it is broken",
      (object) => shownState(hostOf(object)) !== 2 || hostOf(object).state.isStale,
    ),
    flag("has_been_checked", "Whether anything is known of it (0 = PENDING)", hasBeenChecked),
    flag("is_stale", "Whether its last result is overdue", ({ state }) => state.isStale),
    float("staleness", "Age of the last result in intervals; above 1.5 it is late", stalenessOf),
    flag("is_flapping", "Whether it changes state too often", ({ state }) => state.isFlapping),
    float(
      "percent_state_change",
      "How much of the last 21 results were changes, weighted",
      ({ state }) => state.percentStateChange,
    ),
    int("current_attempt", "Attempts in this state so far", ({ state }) => state.attempt),
    int("max_check_attempts", "Attempts until a state is HARD", (object) => object.maxCheckAttempts),
    text("plugin_output", "First line of the last result", ({ state }) => state.output),
    text(
      "long_plugin_output",
      "The other lines of the last result",
      (object, { longOutputs }) => longOutputs.get(object) ?? object.state.longOutput,
      "long-outputs",
    ),
    text("perf_data", "Performance data of the last result", ({ state }) => state.perfdata),
    flag("is_executing", "Always 0: agents run checks", () => false),
    float("execution_time", "Seconds the last check took", ({ state }) => state.executionTimeSeconds ?? 0),
    float("latency", "Seconds the last check started late", ({ state }) => state.latencySeconds ?? 0),
    flag("acknowledged", "Whether its problem is acknowledged", ({ state }) => state.acknowledgementId !== null),
    int("acknowledgement_type", "0 none, 1 until the state changes, 2 until recovery", (object, { view }) => {
      const acknowledgement = view.acknowledgementOf(object);
      return acknowledgement === undefined ? 0 : acknowledgement.isSticky ? 2 : 1;
    }),
    int(
      "scheduled_downtime_depth",
      "How many downtimes it is in now",
      (object, { view, nowMs }) => view.activeDowntimesOf(object, nowMs).length,
    ),
    int(
      "pending_flex_downtime",
      "How many flexible downtimes wait for its first bad state",
      (object, { view, nowMs }) =>
        view.coverage.downtimesOf(object).filter((downtime) => !downtime.isFixed && downtime.startAtMs <= nowMs)
          .length - view.activeDowntimesOf(object, nowMs).filter((downtime) => !downtime.isFixed).length,
    ),
  ];
}

function timeColumns(): Column<ViewedObject>[] {
  const lastTimeIn =
    (state: number): Read<number | null> =>
    (object) => {
      if (state === 0 && object.state.lastOkAtMs !== null) return object.state.lastOkAtMs;
      return hasBeenChecked(object) && shownState(object) === state ? object.state.lastCheckAtMs : null;
    };
  return [
    time("last_check", "When it was last checked", ({ state }) => state.lastCheckAtMs),
    time("next_check", "When it is checked next", ({ state }) => state.nextCheckAtMs),
    time("last_update", "When its last result arrived", ({ state }) => state.lastReceivedAtMs),
    time("last_state_change", "When its state changed last, SOFT or HARD", ({ state }) => state.lastStateChangeAtMs),
    time("last_hard_state_change", "When its HARD state changed last", ({ state }) => state.lastHardStateChangeAtMs),
    time("last_time_ok", "When it was last OK", lastTimeIn(0)),
    time("last_time_warning", "When it was last WARNING; 0 unless it is now", lastTimeIn(1)),
    time("last_time_critical", "When it was last CRITICAL; 0 unless it is now", lastTimeIn(2)),
    time("last_time_unknown", "When it was last UNKNOWN; 0 unless it is now", lastTimeIn(3)),
    time("last_time_up", "When it was last UP", lastTimeIn(0)),
    time("last_time_down", "When it was last DOWN; 0 unless it is now", lastTimeIn(1)),
    time("last_time_unreachable", "When it was last UNREACHABLE; 0 unless it is now", lastTimeIn(2)),
  ];
}

function settingColumns(): Column<ViewedObject>[] {
  return [
    flag("active_checks_enabled", "Whether an agent checks it", isActivelyChecked),
    flag("checks_enabled", "Whether an agent checks it", isActivelyChecked),
    flag("should_be_scheduled", "Whether an agent checks it", isActivelyChecked),
    flag(
      "accept_passive_checks",
      "Whether results from outside are taken",
      ({ settings }) => settings.isPassiveCheckEnabled,
    ),
    flag("notifications_enabled", "Whether anybody is told of it", ({ settings }) => settings.isNotificationEnabled),
    flag(
      "event_handler_enabled",
      "Whether event handlers run for it",
      ({ settings }) => settings.isEventHandlerEnabled,
    ),
    text(
      "event_handler",
      "The event handler that would run",
      (object, { view }) => view.coverage.eventHandlerOf(object)?.command ?? "",
    ),
    flag(
      "check_freshness",
      "Whether it becomes stale without results",
      (object) => object.freshnessSeconds !== null || isActivelyChecked(object),
    ),
    flag("flap_detection_enabled", "Whether flapping is looked for", (object, { view }) =>
      isFlapDetectionOn(
        flappingOf(object).isEnabled,
        view.definitions.overrides,
        hostOf(object).id,
        object.kind === "host" ? null : object.id,
      ),
    ),
    float("low_flap_threshold", "Percent below which flapping ends", (object) => flappingOf(object).lowPercent),
    float("high_flap_threshold", "Percent above which flapping starts", (object) => flappingOf(object).highPercent),
    int("check_type", "Who found the last result: 0 an agent or ourselves, 1 somebody outside", checkTypeOf),
    text("check_command", "What is run, its arguments after !", checkCommandOf),
    text("check_command_expanded", "What is run, its arguments after !", checkCommandOf),
    text("check_source", "Who reports it: agent, prober (another host's agent), or empty", (object) =>
      hostOf(object).hasAgent ? "agent" : hostOf(object).settings.probers.length > 0 ? "prober" : "",
    ),
    float("check_interval", "Minutes between checks", (object) => checkIntervalSeconds(object) / 60),
    float("retry_interval", "Minutes between checks while SOFT", (object) => retryIntervalSeconds(object) / 60),
    int("check_timeout", "Seconds a check may take", (object) => object.check?.timeoutSeconds ?? 0),
    text(
      "check_period",
      "The time period in which it is checked; empty = always",
      (object) => checkPeriodOf(object) ?? "",
    ),
    flag("in_check_period", "Whether it is in that now", (object, { isInPeriod }) => isInPeriod(checkPeriodOf(object))),
    text("service_period", "Always empty: reports choose their period", () => ""),
    flag("in_service_period", "Always 1", () => true),
    int("check_options", "Always 0", () => 0),
    flag("process_performance_data", "Always 1: charts come from it", () => true),
    flag("obsess", "Always 0: use a Forward", () => false),
    int("modified_attributes", "What operators changed over the definition, as Nagios' bits", (object, context) =>
      modifiedOf(object, context).reduce((sum, { bit }) => sum + bit, 0),
    ),
    list("modified_attributes_list", "What operators changed over the definition", (object, context) =>
      modifiedOf(object, context).map(({ name }) => name),
    ),
    text("original_attributes", "Always null: definitions are not changed", () => "null"),
    int("business_impact", "0 nobody would mind, to 5 the business stops", ({ settings }) => settings.businessImpact),
    int("criticity", "As business_impact, by its older name", ({ settings }) => settings.businessImpact),
    int("hourly_value", "As business_impact", ({ settings }) => settings.businessImpact),
    list("custom_variable_names", "Names of custom variables", ({ settings }) => Object.keys(settings.variables)),
    list("custom_variable_values", "Values of custom variables", ({ settings }) => Object.values(settings.variables)),
    dict("custom_variables", "Custom variables", ({ settings }) => settings.variables),
    flag("cv_is_json", "Always 0: variables are text", () => false),
    text("realm", "Always All: there are no realms", () => "All"),
    text("poller_tag", "Always None: probers are named by hosts", () => "None"),
    text("reactionner_tag", "Always None", () => "None"),
  ];
}

function notificationColumns(): Column<ViewedObject>[] {
  const told = ({ state }: ViewedObject, { toldOfProblems }: QueryContext) =>
    state.problemId === null ? undefined : toldOfProblems.get(state.problemId);
  return [
    list("contacts", "Names of those that rules tell of it", (object, { view }) =>
      view.coverage.contactsOf(object).map((contact) => contact.name),
    ),
    list("contact_groups", "Names of contact groups with somebody told of it", (object, { view }) =>
      view.coverage.contactGroupsOf(object),
    ),
    text(
      "notification_period",
      "The time period of the first rule that covers it; empty = always",
      (object, { view }) => view.coverage.ruleOf(object)?.period ?? "",
    ),
    flag("in_notification_period", "Whether it is in that now", (object, { view, isInPeriod }) =>
      isInPeriod(view.coverage.ruleOf(object)?.period ?? null),
    ),
    float(
      "notification_interval",
      "Minutes until somebody is told again; 0 = once",
      (object, { view }) => (view.coverage.ruleOf(object)?.repeatIntervalSeconds ?? 0) / 60,
    ),
    float(
      "first_notification_delay",
      "Minutes until somebody is told first",
      (object, { view }) => (view.coverage.ruleOf(object)?.firstDelaySeconds ?? 0) / 60,
    ),
    int(
      "current_notification_number",
      "How often somebody was told of the open problem",
      (object, context) => told(object, context)?.count ?? 0,
      "told-of-problems",
    ),
    time(
      "last_notification",
      "When somebody was last told of the open problem",
      (object, context) => told(object, context)?.lastAtMs ?? null,
      "told-of-problems",
    ),
    time("next_notification", "Always 0: rules decide when it is due", () => null),
    int("notified_on", "Always 0", () => 0),
    flag("no_more_notifications", "Always 0", () => false),
    text("notification_postponement_reason", "Always empty", () => ""),
  ];
}

function textColumns(): Column<ViewedObject>[] {
  return [
    text("notes", "Notes", (object) => object.notes),
    text("notes_expanded", "Notes, macros replaced", (object) => expandMacros(object.notes, object)),
    text("notes_url", "A link to notes", ({ settings }) => settings.notesUrl ?? ""),
    text("notes_url_expanded", "A link to notes, macros replaced", (object) =>
      expandMacros(object.settings.notesUrl, object),
    ),
    text("action_url", "A link to actions", ({ settings }) => settings.actionUrl ?? ""),
    text("action_url_expanded", "A link to actions, macros replaced", (object) =>
      expandMacros(object.settings.actionUrl, object),
    ),
    text("icon_image", "Name of an icon", ({ settings }) => settings.iconImage ?? ""),
    text("icon_image_expanded", "Name of an icon, macros replaced", (object) =>
      expandMacros(object.settings.iconImage, object),
    ),
    text("icon_image_alt", "Always empty", () => ""),
    int("pnpgraph_present", "Always 0: charts are in the console", () => 0),
    list("metrics", "Names of its performance data", ({ state }) => metricNames(state.perfdata)),
    dict("labels", "Labels of the host", (object) => hostOf(object).labels),
    list("label_names", "Names of the host's labels", (object) => Object.keys(hostOf(object).labels)),
    list("label_values", "Values of the host's labels", (object) => Object.values(hostOf(object).labels)),
    dict("label_sources", "Where the labels come from", (object) =>
      Object.fromEntries(Object.keys(hostOf(object).labels).map((name) => [name, "explicit"])),
    ),
    dict("tags", "Labels of the host, as tags", (object) => hostOf(object).labels),
    list("tag_names", "Names of the host's labels", (object) => Object.keys(hostOf(object).labels)),
    list("tag_values", "Values of the host's labels", (object) => Object.values(hostOf(object).labels)),
  ];
}

function causeColumns(): Column<ViewedObject>[] {
  return [
    flag("is_problem", "Whether it is broken by itself", (object, { view }) => view.roots.isProblem(object)),
    flag(
      "is_impact",
      "Whether it is broken because something else is",
      (object, { view }) => view.roots.sourcesOf(object).length > 0,
    ),
    list("source_problems", "What it is broken because of: host, or host/service", (object, context) =>
      seen(context.view.roots.sourcesOf(object), context).map(nameOf),
    ),
    list("impacts", "What is broken because of it", (object, context) =>
      seen(context.view.roots.impactsOf(object), context).map(nameOf),
    ),
    flag("got_business_rule", "Whether its state is computed from others", (object) => isBusinessRule(object)),
    list("parent_dependencies", "What it hangs on", (object, context) =>
      seen(context.view.roots.parentsOf(object), context).map(nameOf),
    ),
    list("child_dependencies", "What hangs on it", (object, context) =>
      seen(context.view.roots.childrenOf(object), context).map(nameOf),
    ),
    list("depends_exec", "What its checks depend on", (object, context) =>
      dependencyNames(object, context, "executionFailureStates"),
    ),
    list("depends_notify", "What its notifications depend on", (object, context) =>
      dependencyNames(object, context, "notificationFailureStates"),
    ),
    list(
      "depends_exec_with_info",
      "What its checks depend on, with states, period and whether inherited",
      (object, context) => dependencyDetails(object, context, "executionFailureStates"),
    ),
    list(
      "depends_notify_with_info",
      "What its notifications depend on, with states, period and whether inherited",
      (object, context) => dependencyDetails(object, context, "notificationFailureStates"),
    ),
  ];
}

function modifiedOf(object: ViewedObject, { view }: QueryContext) {
  const { hosts, services } = view.definitions.overrides;
  return modifiedIn(modifiedAttributes, (object.kind === "host" ? hosts : services).get(object.id));
}

function hostOf(object: ViewedObject) {
  return object.kind === "host" ? object : object.host;
}

/** `host` or `host/service`, as Shinken writes them. */
export function nameOf(object: ViewedObject): string {
  return object.kind === "host" ? object.name : `${object.host.name}/${object.name}`;
}

/** Those the viewer may know of. */
export function seen<T extends ViewedObject>(objects: readonly T[], context: QueryContext): readonly T[] {
  return context.viewer.kind === "everything" ? objects : objects.filter((object) => context.sees(object));
}

type FailureStates = "executionFailureStates" | "notificationFailureStates";

function dependenciesOf(object: ViewedObject, { view }: QueryContext, states: FailureStates) {
  return view.roots.dependenciesOf(object).filter(({ dependency }) => dependency[states].length > 0);
}

function dependencyNames(object: ViewedObject, context: QueryContext, states: FailureStates): string[] {
  const masters = dependenciesOf(object, context, states).flatMap((found) => found.masters);
  return [...new Set(seen(masters, context).map(nameOf))];
}

function dependencyDetails(object: ViewedObject, context: QueryContext, states: FailureStates) {
  return dependenciesOf(object, context, states).flatMap(({ dependency, masters }) =>
    seen(masters, context).map((master) => [
      nameOf(master),
      dependency[states].join(","),
      dependency.period ?? "",
      dependency.isTransitive ? 1 : 0,
    ]),
  );
}

function isBusinessRule(object: ViewedObject): boolean {
  return object.kind === "service" && object.check?.command === "bp_rule";
}

function isActivelyChecked(object: ViewedObject): boolean {
  if (!object.settings.isActiveCheckEnabled) return false;
  if (object.check !== null) return object.check.isEnabled && object.check.settings.isActiveCheckEnabled;
  return object.kind === "host" && object.hasAgent;
}

/** A host's own period goes before that of its host check; a service's settings are its check's. */
function checkPeriodOf({ settings, check }: ViewedObject): string | null {
  return settings.checkPeriod ?? check?.settings.checkPeriod ?? null;
}

function checkTypeOf(object: ViewedObject): number {
  if (object.state.hasBeenChecked) return object.state.isPassive ? 1 : 0;
  return isActivelyChecked(object) ? 0 : 1;
}

function checkCommandOf(object: ViewedObject): string {
  if (object.check === null) return object.kind === "service" ? "passive" : object.hasAgent ? "keepalive" : "";
  return [object.check.command, ...object.check.arguments].join("!");
}

function checkIntervalSeconds(object: ViewedObject): number {
  if (object.check !== null) return object.check.checkIntervalSeconds;
  const { freshnessSeconds } = object;
  return object.kind === "host" && object.hasAgent ? keepaliveIntervalOf(freshnessSeconds) : (freshnessSeconds ?? 0);
}

function retryIntervalSeconds(object: ViewedObject): number {
  return object.check?.retryIntervalSeconds ?? checkIntervalSeconds(object);
}

/** What is known to be stale is above every threshold; what nobody expects results of is never late. */
function stalenessOf(object: ViewedObject, { nowMs }: QueryContext): number {
  const { lastCheckAtMs, isStale } = object.state;
  if (isStale) return 1000;
  const intervalMs = checkIntervalSeconds(object) * 1000;
  if (lastCheckAtMs === null || intervalMs === 0) return 0;
  return Math.max(0, (nowMs - lastCheckAtMs) / intervalMs);
}

function flappingOf(object: ViewedObject) {
  if (object.kind === "host") return object.settings.flapDetection;
  const { check } = object;
  if (check === null) return { isEnabled: true, lowPercent: 20, highPercent: 30 };
  return {
    isEnabled: check.isFlapDetectionEnabled,
    lowPercent: check.lowFlapPercent,
    highPercent: check.highFlapPercent,
  };
}

function metricNames(perfdata: string): string[] {
  return [...perfdata.matchAll(/(?:^|\s)(?:'((?:[^']|'')+)'|([^\s'=]+))=/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll("''", "'") ?? plain ?? "",
  );
}
