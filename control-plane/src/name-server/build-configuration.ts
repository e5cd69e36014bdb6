import { NameServerSettingsInput } from "@mycloud/protocol/dns-zone";
import type {
  NameServerConfiguration,
  ViewConfiguration,
  WeightedRrset,
  ZoneConfiguration,
} from "@mycloud/protocol/name-server";
import type { Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/store.ts";
import { findBoundRrsets } from "../dns-zone/rrset-store.ts";
import type { StoredRrset } from "../dns-zone/rrset-values.ts";
import { absoluteTextOf } from "../dns-zone/zone-name.ts";
import { findAllZones, type StoredZone } from "../dns-zone/zone-store.ts";
import type { Sealer } from "../sealing/index.ts";

/** Everything that name servers are told but for records. `settingsName`: which settings count; where there are none of that name, the defaults. */
export async function buildConfiguration(
  executor: Executor,
  sealer: Sealer,
  settingsName: string,
  nowMs: number,
): Promise<NameServerConfiguration> {
  const all = await loadDefinitions(executor, "NameServerSettings", sealer);
  const settings =
    all.find(({ name }) => name === settingsName) ?? NameServerSettingsInput.parse({ name: settingsName });
  const keys = await loadDefinitions(executor, "TsigKey", sealer);
  const weighted = await findWeighted(executor);
  const zones = await findAllZones(executor);
  return {
    nsid: settings.nsid,
    cookieSecrets: cookieSecrets(sealer, nowMs),
    // One whose secret does not open with this master key is as good as none.
    tsigKeys: keys
      .filter(({ secret }) => secret !== "")
      .map(({ name, algorithm, secret }) => ({ name, algorithm, secret })),
    views: await findViews(executor, sealer),
    allowQuery: settings.allowQuery,
    zones: zones.map((zone) => zoneConfigurationOf(zone, weighted.get(zone.id) ?? [])),
    forwarding: settings.forwarding,
    rateLimit: settings.rateLimit,
    queryLogOneIn: settings.queryLogOneIn,
  };
}

const secretLifeMs = 86_400_000;

/** A new secret each day, and the one before: cookies live for an hour (RFC 9018 §4.3). All control planes derive the same. */
function cookieSecrets(sealer: Sealer, nowMs: number): string[] {
  const day = Math.floor(nowMs / secretLifeMs);
  return [day, day - 1].map((each) =>
    Buffer.from(sealer.deriveKey(`dns cookie ${each}`))
      .toString("hex")
      .slice(0, 32),
  );
}

async function findViews(executor: Executor, sealer: Sealer): Promise<ViewConfiguration[]> {
  const views = await loadDefinitions(executor, "DnsView", sealer);
  return views.toSorted((a, b) => a.order - b.order).map(({ name, clients }) => ({ name, clients }));
}

function zoneConfigurationOf(zone: StoredZone, weighted: readonly StoredRrset[]): ZoneConfiguration {
  const { settings } = zone;
  return {
    ...{ name: zone.name, view: zone.view, kind: zone.kind },
    serial: zone.kind === "primary" ? zone.serial : null,
    ...{ primaries: settings.primaries, notify: settings.notify, allowQuery: settings.allowQuery },
    ...{ allowTransfer: settings.allowTransfer, allowNotify: settings.allowNotify },
    allowsUpdate: zone.kind === "primary" && settings.updatePolicy.length > 0,
    weighted: weighted.map((rrset) => weightedOf(zone, rrset)),
  };
}

function weightedOf({ name }: StoredZone, rrset: StoredRrset): WeightedRrset {
  return {
    name: absoluteTextOf(rrset.name, name),
    type: rrset.type,
    weights: rrset.records.map(({ data, weight = 0 }) => ({ data, weight })),
    answers: rrset.answers,
  };
}

async function findWeighted(executor: Executor): Promise<Map<number, StoredRrset[]>> {
  const byZone = new Map<number, StoredRrset[]>();
  for (const { zoneId, rrset } of await findBoundRrsets(executor, null)) {
    if (!isWeighted(rrset)) continue;
    byZone.set(zoneId, [...(byZone.get(zoneId) ?? []), rrset]);
  }
  return byZone;
}

export function isWeighted({ records }: Pick<StoredRrset, "records">): boolean {
  return records.some(({ weight }) => weight !== undefined);
}
