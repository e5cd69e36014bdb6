import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import { matchesHost, matchesPattern, type SelectableHost } from "@mycloud/protocol/selector";
import type { TrapRuleInput, VarbindCondition } from "@mycloud/protocol/snmp";
import { textOfValue } from "../snmp-message/index.ts";
import { fillTemplate, findVarbind } from "./fill-template.ts";
import type { TrapNotification } from "./notification.ts";

const returnCodes = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;
/** As long as names of services may be. */
const longestName = 255;

/**
 * What a trap says about services of the host it is from: a result for each rule that fits, and of those about one service that of the rule whose name
 * comes first. Pure.
 */
export function mapTrap(
  rules: readonly TrapRuleInput[],
  host: SelectableHost,
  trap: TrapNotification,
  nowMs: number,
): readonly PassiveCheckResult[] {
  const results = new Map<string, PassiveCheckResult>();
  for (const rule of rules.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!fits(rule, host, trap)) continue;
    const service = fillTemplate(rule.serviceName, trap, host.name).slice(0, longestName);
    if (service === "" || results.has(service)) continue;
    const output = fillTemplate(rule.output, trap, host.name);
    results.set(service, { host: host.name, service, returnCode: returnCodes[rule.state], output, checkedAtMs: nowMs });
  }
  return [...results.values()];
}

function fits(rule: TrapRuleInput, host: SelectableHost, trap: TrapNotification): boolean {
  return (
    rule.isEnabled &&
    isTrap(rule.trapOid, trap.trapOid) &&
    matchesHost(rule.selector, host) &&
    rule.conditions.every((condition) => holds(condition, trap))
  );
}

function isTrap(wanted: string, trapOid: string): boolean {
  return wanted.endsWith(".*") ? trapOid.startsWith(wanted.slice(0, -1)) : trapOid === wanted;
}

function holds({ oid, equals, matches }: VarbindCondition, { varbinds }: TrapNotification): boolean {
  const varbind = findVarbind(varbinds, oid);
  if (varbind === undefined) return false;
  const text = textOfValue(varbind.bound);
  return equals === null ? matches !== null && matchesPattern(matches, text) : text === equals;
}
