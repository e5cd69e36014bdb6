import {
  flagOf,
  type Monitored,
  type NagiosObject,
  numberOf,
  placeOf,
  splitCheckCommand,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource } from "./context.ts";
import { chunks } from "./cover.ts";
import { mapCommand } from "./map-command.ts";
import { clamp, freshnessOf, remarkUncarried, secondsOf, settingsOf } from "./map-common.ts";
import { shortHash } from "./names.ts";

interface Runnable {
  readonly host: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * Services as checks, one for all hosts on which they are alike, and as passive services where nagios does not check actively; host checks likewise.
 */
export function mapChecks(context: ImportContext): ImportedResource[] {
  const services: ImportedResource[] = [];
  const runnable: { name: string; one: Runnable }[] = [];
  for (const { host, description, object } of context.configuration.services) {
    const name = context.serviceNames(description, placeOf(object, "service_description"));
    const label = `service ${description}`;
    remarkUncarried(object, description, context);
    const spec = checkSpec({ host, service: description }, object, label, context);
    const hostName = context.hostNames(host, object.place);
    if (spec === null) services.push(passiveService(hostName, name, object, label, context));
    else runnable.push({ name, one: { host: hostName, spec: { serviceName: name, ...spec } } });
  }
  const hostChecks: { name: string; one: Runnable }[] = [];
  for (const { name, object } of context.configuration.hosts) {
    if (!object.values.has("check_command")) continue;
    const spec = checkSpec({ host: name, service: null }, object, "host check", context);
    if (spec !== null)
      hostChecks.push({
        name: `host ${String(spec.name)}`,
        one: { host: context.hostNames(name, object.place), spec },
      });
  }
  return [...groupAlike(runnable), ...groupAlike(hostChecks), ...services];
}

/** How a service or host is checked, or null when it is only told by others. */
function checkSpec(of: Monitored, object: NagiosObject, label: string, context: ImportContext) {
  const { remarks, intervalLengthSeconds, settings } = context;
  const kind = of.service === null ? "host" : "service";
  const text = textOf(object, "check_command");
  const place = placeOf(object, "check_command");
  if (text === undefined || !flagOf(object, "active_checks_enabled", true)) return null;
  if (/^(bp_rule|_internal_host_up|_echo)(!|$)/.test(text)) {
    const why = text.startsWith("bp_rule")
      ? "business rules are not computed yet: it is a passive service, PENDING until somebody reports; the rule is kept in variable BP_RULE"
      : "what Shinken does itself has no plugin; it is told by others here";
    remarks.add(place, `${label}: ${text.slice(0, 100)}`, why);
    return null;
  }
  const host = context.hosts.get(of.host);
  const owner = { hostName: of.host, host, service: of.service === null ? null : object };
  const mapped = mapCommand(text, place, label, owner, context);
  if (mapped.kind === "none") return null;
  const interval = secondsOf(object, "check_interval", context) ?? 5 * intervalLengthSeconds;
  if (interval <= 0) {
    remarks.add(
      placeOf(object, "check_interval"),
      `${label}: check_interval 0`,
      "is never checked on a schedule; it is told by others here",
    );
    return null;
  }
  const retry = secondsOf(object, "retry_interval", context) ?? intervalLengthSeconds;
  const attempts = Math.round(numberOf(object, "max_check_attempts", kind === "host" ? 1 : 3));
  return {
    name: splitCheckCommand(text).name,
    command: "external",
    arguments: mapped.words.some((word) => word.startsWith("-")) ? ["--", ...mapped.words] : [...mapped.words],
    checkIntervalSeconds: clamp(interval, 5, 604_800),
    retryIntervalSeconds: clamp(retry <= 0 ? interval : retry, 5, 604_800),
    maxCheckAttempts: clamp(attempts, 1, 100),
    timeoutSeconds: clamp(Number(settings.get(`${kind}_check_timeout`) ?? (kind === "host" ? 30 : 60)), 1, 3600),
    notes: kind === "service" ? (textOf(object, "notes") ?? "") : "",
    target: kind,
    ...settingsOf(object, kind, label, context),
  };
}

function passiveService(
  host: string,
  name: string,
  object: NagiosObject,
  label: string,
  context: ImportContext,
): ImportedResource {
  const settings = settingsOf(object, "service", label, context);
  const command = textOf(object, "check_command") ?? "";
  const rule = command.startsWith("bp_rule!") ? { BP_RULE: command.slice("bp_rule!".length) } : {};
  return {
    kind: "Service",
    name,
    host,
    spec: {
      maxCheckAttempts: clamp(Math.round(numberOf(object, "max_check_attempts", 1)), 1, 100),
      freshnessSeconds: freshnessOf(object, context),
      notes: textOf(object, "notes") ?? "",
      ...settings,
      isActiveCheckEnabled: false,
      variables: { ...settings.variables, ...rule },
    },
  };
}

/** One check for all hosts on which everything is alike. Its name is the service's; where there are several, a hash of what they do tells them apart. */
function groupAlike(all: readonly { readonly name: string; readonly one: Runnable }[]): ImportedResource[] {
  const checks: ImportedResource[] = [];
  for (const [name, ofName] of Map.groupBy(all, (entry) => entry.name)) {
    // The command's name says nothing of what is run.
    const variants = Map.groupBy(ofName, ({ one: { spec } }) => JSON.stringify({ ...spec, name: undefined }));
    for (const [key, members] of variants) {
      const hosts = members.map(({ one }) => one.host).sort();
      const { name: _, ...spec } = members[0]?.one.spec ?? {};
      chunks(hosts).forEach((part, index) => {
        const suffixes = [variants.size > 1 ? ` ${shortHash(key)}` : "", index > 0 ? ` #${index + 1}` : ""].join("");
        const checkName = `${name.slice(0, 128 - suffixes.length)}${suffixes}`;
        checks.push({ kind: "Check", name: checkName, spec: { ...spec, selector: { hosts: part } } });
      });
    }
  }
  return checks;
}
