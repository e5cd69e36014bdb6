import { parseRecordType, recordTypes } from "@mycloud/dns/record";
import { Turns } from "@mycloud/dns/zone-store";
import type { ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { InputError, NotAllowedError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";
import type { PlannedDifference, ZonePlan } from "./plan-change.ts";

/** Throws NotAllowedError where a plan has what the customer's people may not change: settings, and types that staff keep to themselves. */
export function refuseForCustomer(scope: Scope, { zone, settings, differences }: ZonePlan): void {
  if (scope.kind === "all") return;
  if (JSON.stringify(settings) !== JSON.stringify(zone.settings)) {
    throw new NotAllowedError("the settings of a zone are its operator's: you may change its records");
  }
  for (const { place } of differences) {
    if (mayEdit(zone.settings, place.name, place.type)) continue;
    const allowed = zone.settings.customerTypes;
    const others = allowed === null ? "all but NS and DNAME at the zone's own name" : allowed.join(", ") || "none";
    throw new NotAllowedError(
      `you may not change ${place.name} ${place.type}; the types you may change here: ${others}`,
    );
  }
}

function mayEdit({ customerTypes }: ZoneSettings, name: string, type: string): boolean {
  const code = parseRecordType(type);
  const isDelegation = name === "@" && (code === recordTypes.NS || code === recordTypes.DNAME);
  return customerTypes === null ? !isDelegation : customerTypes.includes(type);
}

/** Throws InputError where a record names a service that is not there, or not theirs. What was there before is not asked again. */
export async function refuseMissingServices(
  executor: Executor,
  scope: Scope,
  differences: readonly PlannedDifference[],
): Promise<void> {
  const named = new Map<string, { readonly host: string; readonly service: string; readonly where: string }>();
  const turns = new Turns();
  for (const { place, before, after } of differences) {
    if (turns.areOver) await turns.next();
    const known = new Set((before?.records ?? []).map((record) => keyOf(record.service)));
    for (const { service } of after?.records ?? []) {
      if (service === undefined || known.has(keyOf(service))) continue;
      named.set(keyOf(service), { ...service, where: `${place.name} ${place.type}` });
    }
  }
  for (const { host, service, where } of named.values()) {
    let query = executor
      .selectFrom("service")
      .innerJoin("host", "host.id", "service.host_id")
      .select("service.id")
      .where("host.name", "=", host)
      .where("service.name", "=", service);
    if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
    if ((await query.executeTakeFirst()) !== undefined) continue;
    const message = `there is no service "${service}" on host "${host}"`;
    throw new InputError(`${where}: ${message}`, [{ field: "service", value: `${host}/${service}`, message }]);
  }
}

function keyOf(service: { readonly host: string; readonly service: string } | undefined): string {
  return service === undefined ? "" : `${service.host}\n${service.service}`;
}
