import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { plainAddress } from "./log-senders.ts";

export interface KnownHost {
  readonly id: number;
  readonly name: string;
  readonly customer: string | null;
}

/** Hosts by what records call them. */
export interface HostDirectory {
  byId(id: number): KnownHost | undefined;
  /** By name, whatever its case; or by the first part of a name with dots, when there is a host of that name. */
  byName(name: string): KnownHost | undefined;
  /** The host that has an address, when one only has it. */
  byAddress(address: string): KnownHost | undefined;
}

interface HostRow extends KnownHost {
  readonly address: string | null;
}

/** Pure. */
export function createHostDirectory(rows: readonly HostRow[]): HostDirectory {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byName = new Map(rows.map((row) => [row.name.toLowerCase(), row]));
  const byAddress = new Map<string, HostRow | null>();
  for (const row of rows) {
    if (row.address !== null) byAddress.set(row.address, byAddress.has(row.address) ? null : row);
  }
  return {
    byId: (id) => byId.get(id),
    byName(name) {
      const lower = name.toLowerCase();
      const dot = lower.indexOf(".");
      return byName.get(lower) ?? (dot > 0 ? byName.get(lower.slice(0, dot)) : undefined);
    },
    byAddress: (address) => byAddress.get(plainAddress(address)) ?? undefined,
  };
}

/** Every host, as the directory needs it: some milliseconds for ten thousand. */
export async function readHostRows({ db }: Pick<ConnectedDatabase, "db">): Promise<HostRow[]> {
  return await db.selectFrom("host").select(["id", "name", "address", "customer"]).execute();
}
