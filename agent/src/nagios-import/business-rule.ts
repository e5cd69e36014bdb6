import { parseRule } from "@mycloud/checks/business-rule";
import { type NagiosObject, placeOf, textOf } from "@mycloud/checks/nagios-objects";
import type { ImportContext } from "./context.ts";

/**
 * The arguments of a check that computes what Shinken's `bp_rule!EXPRESSION` says: the expression, and the template of the output. Null, with a
 * remark, when it cannot be read.
 */
export function businessRuleOf(object: NagiosObject, label: string, { remarks }: ImportContext): string[] | null {
  const text = textOf(object, "check_command") ?? "";
  const place = placeOf(object, "check_command");
  // Exclamation marks after the first are part of the expression.
  const expression = text.slice(text.indexOf("!") + 1).trim();
  const parsed = text.includes("!") ? parseRule(expression) : { fault: "has no expression" };
  if ("fault" in parsed) {
    remarks.add(
      place,
      `${label}: ${text.slice(0, 100)}`,
      `the business rule ${parsed.fault}; it is told by others here`,
    );
    return null;
  }
  for (const name of [
    "business_rule_smart_notifications",
    "business_rule_downtime_as_ack",
    "business_rule_host_notification_options",
    "business_rule_service_notification_options",
  ]) {
    const said = textOf(object, name);
    if (said !== undefined && said !== "0")
      remarks.add(
        placeOf(object, name),
        `${label}: ${name} ${said}`,
        "a rule's notifications follow its own state here",
      );
  }
  const template = textOf(object, "business_rule_output_template");
  return template === undefined ? [expression] : [expression, template];
}
