import {
  flagOf,
  type Monitored,
  type NagiosObject,
  numberOf,
  placeOf,
  splitCheckCommand,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { Fields } from "@mycloud/protocol/definition";
import { businessRuleOf } from "./business-rule.ts";
import type { ImportContext, ImportedResource } from "./context.ts";
import { chunks } from "./cover.ts";
import { mapCommand } from "./map-command.ts";
import { clamp, freshnessOf, remarkUncarried, secondsOf, settingsOf } from "./map-common.ts";
import type { Templated, TemplateMap } from "./map-templates.ts";
import { shortHash } from "./names.ts";

interface Runnable {
  readonly host: string;
  readonly object: NagiosObject;
  readonly spec: Fields;
}

/** The service that computes the business rule of a host. */
const ruleOfHost = "business rule";

/**
 * Services as checks, one for all hosts on which they are alike, and as passive services where nagios does not check actively; host checks likewise.
 */
export function mapChecks(context: ImportContext, templates: TemplateMap): ImportedResource[] {
  const passive: { name: string; host: string; object: NagiosObject; spec: Fields }[] = [];
  const runnable: { name: string; one: Runnable }[] = [];
  const passiveOf = (_: string, object: NagiosObject) => passiveSpec(object, "service template", context);
  for (const { host, description, object } of context.configuration.services) {
    const name = context.serviceNames(description, placeOf(object, "service_description"));
    const label = `service ${description}`;
    remarkUncarried(object, description, context);
    const run = commandOf({ host, service: description }, object, label, context);
    const hostName = context.hostNames(host, object.place);
    if (run === null) {
      passive.push({ name, host: hostName, object, spec: passiveSpec(object, label, context) });
    } else {
      const spec = {
        serviceName: name,
        ...run,
        ...timing(object, "service", context),
        ...detailsOf(object, label, context),
      };
      runnable.push({ name, one: { host: hostName, object, spec } });
    }
  }
  const hostChecks: { name: string; one: Runnable }[] = [];
  for (const { name, object } of context.configuration.hosts) {
    const host = context.hostNames(name, object.place);
    const command = splitCheckCommand(textOf(object, "check_command") ?? "").name;
    const run = commandOf({ host: name, service: null }, object, "host check", context);
    if (run === null) continue;
    const times = timing(object, "host", context);
    if (run.command === "bp_rule")
      runnable.push({ name: ruleOfHost, one: { host, object, spec: { serviceName: ruleOfHost, ...run, ...times } } });
    else
      hostChecks.push({ name: `host ${command}`, one: { host, object, spec: { target: "host", ...run, ...times } } });
  }
  const fieldsOf = (_: string, object: NagiosObject) => ({
    ...timing(object, "service", context),
    ...detailsOf(object, "service template", context),
  });
  const templated = (object: NagiosObject, spec: Fields) => templates.own("Check", object, spec, fieldsOf);
  const plain = (_: NagiosObject, spec: Fields) => ({ spec });
  const checks = [...groupAlike(runnable, templated), ...groupAlike(hostChecks, plain)];
  const services = passive.map(({ name, host, object, spec }): ImportedResource => {
    return { kind: "Service", name, host, ...templates.own("Service", object, spec, passiveOf) };
  });
  return [...checks, ...services];
}

/** What is run, or null when it is only told by others. */
function commandOf(of: Monitored, object: NagiosObject, label: string, context: ImportContext) {
  const { remarks, settings } = context;
  const kind = of.service === null ? "host" : "service";
  const text = textOf(object, "check_command");
  const place = placeOf(object, "check_command");
  const what = `${label}: ${(text ?? "").slice(0, 100)}`;
  if (!flagOf(object, "active_checks_enabled", true)) {
    if (text !== undefined && flagOf(object, "check_freshness", false))
      remarks.add(place, what, "Nagios runs it when results stay away; here it is STALE then");
    return null;
  }
  if (text === undefined) {
    remarks.add(
      object.place,
      `${label} of ${of.host}: no check_command`,
      "is UP in Nagios unchecked; it is PENDING here until somebody reports",
    );
    return null;
  }
  if (/^bp_rule(!|$)/.test(text)) {
    const rule = businessRuleOf(object, label, context);
    if (rule !== null && kind === "host")
      remarks.add(
        place,
        what,
        `is the service "${ruleOfHost}" of the host: a business rule does not tell whether a host is UP here`,
      );
    return rule === null ? null : { command: "bp_rule", arguments: rule, timeoutSeconds: 30 };
  }
  if (text === "_echo") {
    remarks.add(place, what, "what Shinken does itself has no plugin; it is told by others here");
    return null;
  }
  const timeoutSeconds = clamp(
    Number(settings.get(`${kind}_check_timeout`)?.value ?? (kind === "host" ? 30 : 60)),
    1,
    3600,
  );
  if (text === "_internal_host_up") return { command: "external", arguments: ["/bin/true"], timeoutSeconds };
  if ((secondsOf(object, "check_interval", context) ?? 1) <= 0) {
    remarks.add(
      placeOf(object, "check_interval"),
      `${label}: check_interval 0`,
      "is never checked on a schedule; it is told by others here",
    );
    return null;
  }
  const host = context.hosts.get(of.host);
  const owner = { hostName: of.host, host, service: of.service === null ? null : object };
  const mapped = mapCommand(text, place, label, owner, context);
  if (mapped.kind === "none") return null;
  return {
    command: "external",
    arguments: mapped.words.some((word) => word.startsWith("-")) ? ["--", ...mapped.words] : [...mapped.words],
    timeoutSeconds,
  };
}

function timing(object: NagiosObject, kind: "host" | "service", context: ImportContext) {
  const { intervalLengthSeconds } = context;
  const interval = secondsOf(object, "check_interval", context) ?? 5 * intervalLengthSeconds;
  const retry = secondsOf(object, "retry_interval", context) ?? intervalLengthSeconds;
  const attempts = Math.round(numberOf(object, "max_check_attempts", kind === "host" ? 1 : 3));
  return {
    checkIntervalSeconds: clamp(interval, 5, 604_800),
    retryIntervalSeconds: clamp(retry <= 0 ? interval : retry, 5, 604_800),
    maxCheckAttempts: clamp(attempts, 1, 100),
  };
}

function detailsOf(object: NagiosObject, label: string, context: ImportContext) {
  return { notes: textOf(object, "notes") ?? "", ...settingsOf(object, "service", label, context) };
}

function passiveSpec(object: NagiosObject, label: string, context: ImportContext): Fields {
  return {
    maxCheckAttempts: clamp(Math.round(numberOf(object, "max_check_attempts", 1)), 1, 100),
    freshnessSeconds: freshnessOf(object, context),
    ...detailsOf(object, label, context),
    isActiveCheckEnabled: false,
  };
}

/** One check for all hosts on which everything is alike. Its name is the service's; where there are several, a hash of what they do tells them apart. */
function groupAlike(
  all: readonly { readonly name: string; readonly one: Runnable }[],
  toTemplated: (object: NagiosObject, spec: Fields) => Templated,
): ImportedResource[] {
  const checks: ImportedResource[] = [];
  for (const [name, ofName] of Map.groupBy(all, (entry) => entry.name)) {
    const variants = Map.groupBy(ofName, ({ one: { spec } }) => JSON.stringify(spec));
    for (const [key, members] of variants) {
      const [first] = members;
      if (first === undefined) continue;
      const hosts = members.map(({ one }) => one.host).sort();
      chunks(hosts).forEach((part, index) => {
        const suffixes = [variants.size > 1 ? ` ${shortHash(key)}` : "", index > 0 ? ` #${index + 1}` : ""].join("");
        const checkName = `${name.slice(0, 128 - suffixes.length)}${suffixes}`;
        const { uses, spec } = toTemplated(first.one.object, first.one.spec);
        const used = uses === undefined ? {} : { uses };
        checks.push({ kind: "Check", name: checkName, ...used, spec: { ...spec, selector: { hosts: part } } });
      });
    }
  }
  return checks;
}
