import { formatName } from "@mycloud/dns/name";
import { NameServerSettingsInput, type ZoneInput, ZoneSettings } from "@mycloud/protocol/dns-zone";
import { ensureCustomer } from "../customer/ensure-customer.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { everyRecord, firstSerial } from "../dns-publish/index.ts";
import { InputError } from "../error/index.ts";
import { type ChangeAuthor, carryOutChange, refuseFaults } from "./carry-out-change.ts";
import { existing, type ZoneDependencies } from "./change-zone.ts";
import { normaliseRrset } from "./normalise-rrset.ts";
import { normaliseSettings } from "./normalise-settings.ts";
import { planChange, type WantedRrset } from "./plan-change.ts";
import { refuseMissingNames } from "./refuse-missing-names.ts";
import { parseOrRefuse, parseZoneName } from "./zone-name.ts";
import { findZone, insertZone, type StoredZone } from "./zone-store.ts";

/**
 * Makes a zone with its NS records, in a transaction. `wanted` are RRsets that it begins with. Throws InputError when it has no name servers and none are
 * said for all, ConflictError when it is there already.
 */
export async function createZone(
  tx: Executor,
  { database, audit, now }: Pick<ZoneDependencies, "database" | "audit" | "now">,
  input: ZoneInput,
  author: ChangeAuthor,
  wanted: readonly WantedRrset[] = [],
): Promise<StoredZone> {
  const { name, view, kind, nameServers, ...rest } = input;
  const zone = parseZoneName(name);
  const nowMs = now();
  const isServed = wanted.some(({ place }) => place.name === "@" && place.type === "NS");
  const servers = kind === "secondary" || isServed ? [] : await chooseNameServers(tx, nameServers);
  const settings = normaliseSettings(ZoneSettings.parse(rest), zone, kind, servers);
  await refuseMissingNames(tx, settings, view);
  await ensureCustomer(tx, database.dialect, settings.customer, nowMs);
  const serial = kind === "secondary" ? 0 : (firstSerial(settings.serialForm, nowMs) - 1) >>> 0;
  const id = await insertZone(tx, database.dialect, { name: zone.text, view, kind, settings, serial }, nowMs);
  const made = existing(await findZone(tx, { kind: "all" }, { id }));
  const all = servers.length === 0 ? wanted : [...wanted, nameServerRrset(zone, servers)];
  const plan = await planChange(tx, { zone: made, wanted: all, source: "people", isIn: everyRecord, nowMs });
  refuseFaults(plan);
  const action = { action: "dns-zone.create", ...author };
  const after = await carryOutChange(tx, database.dialect, audit, plan, action, nowMs);
  if (after.revision > 0) return after;
  await audit.record(tx, {
    ...{ actor: author.actor, action: "dns-zone.create", resourceKind: "dns-zone" },
    ...{ resourceId: id, resourceName: zone.text, after: settings },
  });
  return made;
}

function nameServerRrset(zone: ReturnType<typeof parseZoneName>, servers: readonly string[]): WantedRrset {
  const records = servers.map((data) => ({ data }));
  const rest = { ttlSeconds: null, minimumAnswers: 1, answers: null, comment: "", owner: "" };
  return normaliseRrset({ name: "@", type: "NS", records, ...rest }, zone);
}

async function chooseNameServers(tx: Executor, given: readonly string[]): Promise<string[]> {
  const names = given.length > 0 ? given : await findDefaultNameServers(tx);
  if (names.length === 0) {
    const message = "is empty, and the settings of name servers have no defaultNameServers: name at least one";
    throw new InputError(`nameServers ${message}`, [{ field: "nameServers", message }]);
  }
  return names.map((name, index) => formatName(parseOrRefuse(name, `nameServers.${index}`)));
}

async function findDefaultNameServers(tx: Executor): Promise<readonly string[]> {
  const row = await tx
    .selectFrom("definition")
    .select("spec_json")
    .where("kind", "=", "NameServerSettings")
    .where("name", "=", "default")
    .executeTakeFirst();
  if (row === undefined) return [];
  return NameServerSettingsInput.parse({ ...Object(JSON.parse(row.spec_json)), name: "default" }).defaultNameServers;
}
