import { covered, type Inventory, ofKind, type ResourceOf } from "./inventory.ts";

type Rule = ResourceOf<"NotificationRule">;

/** What rules together say of each host and service, and of each contact. */
export interface Told {
  /** By `host` or `host NUL service`. */
  readonly rulesOf: ReadonlyMap<string, readonly Rule[]>;
}

const letters = {
  service: { WARNING: "w", UNKNOWN: "u", CRITICAL: "c", RECOVERY: "r", FLAPPING: "f", DOWNTIME: "s" },
  host: { DOWN: "d", UNREACHABLE: "u", RECOVERY: "r", FLAPPING: "f", DOWNTIME: "s" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** States as letters of a `*_options` directive, `n` for none. Pure. */
export function optionsOf(states: Iterable<string>, kind: "host" | "service"): string {
  const known: Readonly<Record<string, string>> = letters[kind];
  const wanted = new Set(states);
  return (
    Object.entries(known)
      .flatMap(([state, letter]) => (wanted.has(state) ? [letter] : []))
      .join(",") || "n"
  );
}

/** Turns enabled rules round. Pure. */
export function turnRules(inventory: Inventory): Told {
  const rulesOf = new Map<string, Rule[]>();
  for (const rule of ofKind(inventory, "NotificationRule")) {
    const { spec } = rule;
    if (!spec.isEnabled) continue;
    remarkUncarried(rule, inventory);
    for (const { host, service } of covered(spec.selector, inventory)) {
      const key = service === null ? host : `${host}\u0000${service}`;
      const rules = rulesOf.get(key);
      if (rules === undefined) rulesOf.set(key, [rule]);
      else rules.push(rule);
    }
  }
  return { rulesOf };
}

/** Says what of a rule Nagios cannot. */
function remarkUncarried({ name, spec }: Rule, { remarks }: Inventory): void {
  for (const [what, isUsed] of [
    ["grouping", spec.groupBy.length > 0 || spec.groupWaitSeconds > 0],
    ["a digest", spec.digest !== null],
    ["an on-call schedule", spec.onCall.length > 0],
    ["a business impact floor", spec.minimumBusinessImpact > 0],
  ] as const) {
    if (isUsed) remarks.add(`notification rule ${name}: ${what}`, "Nagios has no word for it");
  }
}

/** The directives of a host or service that say whom to tell. Pure. */
export function notificationDirectives(
  key: string,
  kind: "host" | "service",
  { rulesOf }: Told,
  inventory: Inventory,
): [string, string | number | null][] {
  const rules = rulesOf.get(key) ?? [];
  const [first] = rules;
  if (first === undefined) return [["notification_options", "n"]];
  const label = key.replace("\u0000", "/");
  const same = <T>(what: string, value: (rule: Rule) => T): T => {
    if (rules.some((rule) => value(rule) !== value(first)))
      inventory.remarks.add(`${label}: ${what}`, "differs among its rules; that of the first holds");
    return value(first);
  };
  if (rules.some(({ spec }) => optionsOf(spec.states, kind) !== optionsOf(first.spec.states, kind)))
    inventory.remarks.add(`${label}: states`, "differ among its rules; everybody is told of all of them");
  return [
    ["contacts", unique(rules.flatMap(({ spec }) => spec.contacts))],
    ["contact_groups", unique(rules.flatMap(({ spec }) => spec.contactGroups))],
    ["notification_period", same("period", ({ spec }) => spec.period)],
    ["notification_interval", same("repeat interval", ({ spec }) => spec.repeatIntervalSeconds) ?? 0],
    ["first_notification_delay", same("first delay", ({ spec }) => spec.firstDelaySeconds) || null],
    [
      "notification_options",
      optionsOf(
        rules.flatMap(({ spec }) => spec.states),
        kind,
      ),
    ],
  ];
}

export function unique(names: readonly string[]): string {
  return [...new Set(names)].sort().join(",");
}
