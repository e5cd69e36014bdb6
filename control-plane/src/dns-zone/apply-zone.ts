import { mostDefinedRrsets, type ZoneDefinition } from "@mycloud/protocol/resource";
import type { AuditLog } from "../audit/index.ts";
import { ensureCustomer } from "../customer/ensure-customer.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { firstSerial, type IsIn } from "../dns-publish/index.ts";
import { InputError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { everything } from "../scope/index.ts";
import { carryOutChange } from "./carry-out-change.ts";
import { existing } from "./change-zone.ts";
import { normaliseRrset } from "./normalise-rrset.ts";
import { normaliseSettings } from "./normalise-settings.ts";
import { planChange, type WantedRrset } from "./plan-change.ts";
import { refuseMissingNames } from "./refuse-missing-names.ts";
import { refuseMissingServices } from "./refuse-wishes.ts";
import { findRrsetsOfPeople } from "./rrset-store.ts";
import { placeKey } from "./rrset-values.ts";
import { parseOwnerName, type ZoneName, zoneNameOf } from "./zone-name.ts";
import { findZone, insertZone, lockZone, type StoredZone } from "./zone-store.ts";

/** A zone as a file wants it. */
export interface ZoneOrder {
  readonly zone: ZoneName;
  readonly view: string | null;
  readonly spec: ZoneDefinition["spec"];
}

/** Whoever asked for it keeps the audit. */
const withoutAudit: Pick<AuditLog, "record"> = { record: async () => undefined };

/**
 * Makes a zone (`id` null) or changes one as a file wants it, in a transaction; answers its id. It is one change of the history and one serial. Throws
 * InputError with what it would break.
 */
export async function applyZone(
  tx: Executor,
  dialect: Dialect,
  id: number | null,
  order: ZoneOrder,
  { actor, isIn }: { readonly actor: Actor; readonly isIn: IsIn },
  nowMs: number,
): Promise<number> {
  const { zone, view, spec } = order;
  const { kind, records, ...given } = spec;
  const found = id === null ? null : existing(await lockZone(tx, dialect, everything, { id }));
  if (found !== null && found.kind !== kind) {
    throw new InputError(`spec.kind: ${zone.text} is a ${found.kind} zone, which cannot become another kind of it`);
  }
  const present = found === null || records === null ? [] : await findRrsetsOfPeople(tx, found.id);
  if (present.length > mostDefinedRrsets) {
    throw new InputError(
      `spec.records: ${zone.text} has more than ${mostDefinedRrsets} RRsets; import them as a zone file instead`,
    );
  }
  const wanted = (records ?? []).map((rrset): WantedRrset => normaliseRrset(rrset, zone, "spec.records"));
  const kept = found?.settings.authority.primaryNameServer ?? null;
  const servers = wanted.flatMap(({ place, values }) =>
    place.nameKey === "" && place.type === "NS" ? (values?.records ?? []).map(({ data }) => data) : [],
  );
  const settings = normaliseSettings(given, zone, kind, kept === null ? servers : [kept]);
  await refuseMissingNames(tx, settings, view);
  await ensureCustomer(tx, dialect, settings.customer, nowMs);
  const stored = found ?? (await make(tx, dialect, { name: zone.text, view, kind, settings }, nowMs));
  const wantedKeys = new Set(wanted.map(({ place }) => placeKey(place)));
  const gone = present
    .filter((rrset) => !wantedKeys.has(placeKey(rrset)))
    .map((rrset): WantedRrset => {
      const owner = parseOwnerName(rrset.name, zoneNameOf(stored.name), "name");
      return { place: rrset, owner, values: null };
    });
  const all = [...wanted, ...gone];
  const plan = await planChange(tx, { zone: stored, settings, wanted: all, source: "people", isIn, nowMs });
  // Of a zone that is new all errors count: one without anything has some, too.
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  const faults = found === null && kind === "primary" ? errors : plan.faults;
  if (faults.length > 0 || (found === null && kind === "primary" && wanted.length === 0)) {
    const sentences = faults.slice(0, 3).map(({ name, type, message }) => `${name} ${type ?? ""}: ${message}`);
    throw new InputError(
      `spec.records: ${sentences.join("; ") || `${zone.text} is new, and has no records: write its NS records at least`}`,
    );
  }
  await refuseMissingServices(tx, everything, plan.differences);
  const author = { actor, comment: "applied from files" };
  return (await carryOutChange(tx, dialect, withoutAudit, plan, author, nowMs)).id;
}

async function make(
  tx: Executor,
  dialect: Dialect,
  zone: Pick<StoredZone, "name" | "view" | "kind" | "settings">,
  nowMs: number,
): Promise<StoredZone> {
  const serial = zone.kind === "secondary" ? 0 : (firstSerial(zone.settings.serialForm, nowMs) - 1) >>> 0;
  return existing(await findZone(tx, everything, { id: await insertZone(tx, dialect, { ...zone, serial }, nowMs) }));
}
