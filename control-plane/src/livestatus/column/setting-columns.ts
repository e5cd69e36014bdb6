import type { FlapDetection } from "@mycloud/protocol/monitored";
import { modifiedAttributes, modifiedIn } from "../../monitored/modified-attributes.ts";
import { isFlapDetectionOn } from "../../monitored/runtime-override.ts";
import type { ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import {
  checkCommandOf,
  checkIntervalSeconds,
  checkPeriodOf,
  checkTypeOf,
  isActivelyChecked,
  retryIntervalSeconds,
} from "./check-of.ts";
import { type Column, dict, flag, float, int, list, text } from "./column.ts";
import { hostOf } from "./monitored-object.ts";

/** How it is watched. */
export function settingColumns(): Column<ViewedObject>[] {
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
    int(
      "check_type",
      "Who found the last result: 0 an agent or ourselves, or nobody yet, 1 somebody outside",
      checkTypeOf,
    ),
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

function modifiedOf(object: ViewedObject, { view }: QueryContext) {
  const { hosts, services } = view.definitions.overrides;
  return modifiedIn(modifiedAttributes, (object.kind === "host" ? hosts : services).get(object.id));
}

function flappingOf(object: ViewedObject): FlapDetection {
  return object.kind === "host" ? object.settings.flapDetection : object.flapDetection;
}
