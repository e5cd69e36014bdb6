import type { ConsoleEvent } from "@mycloud/protocol/event";

/** First words of the query keys that show what an event is about: these are asked again when it arrives. */
export const affectedResources: Readonly<Record<ConsoleEvent["type"], readonly string[]>> = {
  services: ["services", "problems", "explanation", "perfdata"],
  hosts: ["hosts", "problems", "explanation"],
  machines: ["machines", "backup-repositories"],
  "state-changes": ["state-changes", "problems", "overview", "timeline"],
  definitions: [
    "acknowledgements",
    "api-tokens",
    "audit-entries",
    "backup-policies",
    "backup-repositories",
    "checks",
    "comments",
    "contacts",
    "downtimes",
    "notification-rules",
    "override",
    "service-proposals",
    "timeline",
    "users",
  ],
  downtimes: ["downtimes", "timeline"],
  notifications: ["notifications", "explanation", "timeline"],
  enrolments: ["enrolment-tokens", "hosts"],
  "service-proposals": ["service-proposals"],
  "backup-runs": [
    "backup-runs",
    "backup-repositories",
    "backup-maintenance-runs",
    "machines",
    "snapshots",
    "history",
    "find",
  ],
  "restore-runs": ["restore-runs"],
  "dns-zones": ["dns/zones", "timeline"],
  "name-servers": ["dns/name-servers"],
  overview: ["overview"],
};

/** The event types the console listens for. */
export const eventTypes: readonly ConsoleEvent["type"][] = [
  "services",
  "hosts",
  "machines",
  "state-changes",
  "definitions",
  "downtimes",
  "notifications",
  "enrolments",
  "service-proposals",
  "backup-runs",
  "restore-runs",
  "dns-zones",
  "name-servers",
  "overview",
];

/** The union of what several events touch, each once. */
export function resourcesTouchedBy(types: Iterable<ConsoleEvent["type"]>): Set<string> {
  const touched = new Set<string>();
  for (const type of types) for (const resource of affectedResources[type]) touched.add(resource);
  return touched;
}
