import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import type { SeenAgent } from "./keepalive-writer.ts";

/** Longer than any registration keeps an address that is gone. */
const forgottenAfterMs = 31 * 86_400_000;

/**
 * Keeps which addresses agents tell of their hosts, and since when one is gone; answers the hosts where that changed. An agent that says nothing of them
 * changes nothing; one whose host's policy does not let it register has none at once.
 */
export async function saveAddresses(tx: Executor, dialect: Dialect, seen: readonly SeenAgent[]): Promise<number[]> {
  const told = new Map(
    seen.flatMap(({ hostId, seenAtMs, keepalive: { addresses } }) =>
      addresses === undefined ? [] : [[hostId, { addresses: canonical(addresses), seenAtMs }] as const],
    ),
  );
  if (told.size === 0) return [];
  const rows = await tx
    .selectFrom("host_address")
    .selectAll()
    .where(sql<boolean>`host_id in ${idList(dialect, [...told.keys()])}`)
    .execute();
  const changed = new Set<number>();
  const known = new Map<string, number | null>();
  for (const { host_id: hostId, address, gone_at_ms: goneAtMs } of rows) {
    known.set(`${hostId} ${address}`, goneAtMs);
    const { addresses = null, seenAtMs = 0 } = told.get(hostId) ?? {};
    if (addresses?.has(address)) continue;
    if (addresses === null || (goneAtMs !== null && goneAtMs < seenAtMs - forgottenAfterMs)) {
      await tx.deleteFrom("host_address").where("host_id", "=", hostId).where("address", "=", address).execute();
    } else if (goneAtMs === null) {
      const gone = tx.updateTable("host_address").set({ gone_at_ms: seenAtMs });
      await gone.where("host_id", "=", hostId).where("address", "=", address).execute();
    } else {
      continue;
    }
    changed.add(hostId);
  }
  const come = [...told].flatMap(([hostId, { addresses }]) =>
    [...(addresses ?? [])]
      .filter((address) => known.get(`${hostId} ${address}`) !== null)
      .map((address) => [hostId, address, null] as const),
  );
  // A host may be deleted while its last keepalive is on its way.
  const alive = await hostsOf(tx, dialect, [...new Set(come.map(([hostId]) => hostId))]);
  const written = come.filter(([hostId]) => alive.has(hostId));
  if (written.length > 0) {
    await dialect.upsertMany(tx, "host_address", ["host_id", "address", "gone_at_ms"], written, ["host_id", "address"]);
  }
  for (const [hostId] of written) changed.add(hostId);
  return [...changed];
}

async function hostsOf(tx: Executor, dialect: Dialect, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom("host")
    .select("id")
    .where(sql<boolean>`id in ${idList(dialect, ids)}`)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** In one form, so that an address is there once however its agent writes it. */
function canonical(addresses: readonly string[] | null): ReadonlySet<string> | null {
  return addresses === null ? null : new Set(addresses.map((address) => address.toLowerCase()));
}
