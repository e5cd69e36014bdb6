import { Labels } from "@mycloud/protocol/name";
import { SnmpDevice, SnmpSecurity } from "@mycloud/protocol/snmp";
import { sql } from "kysely";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/index.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { idList } from "../monitored/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { chooseCredential } from "./choose-credential.ts";

const Groups = z.array(z.string());

/** Finds, of probed hosts, those that are asked by SNMP, with what is secret: for the configuration of whoever probes them, and for nobody else. */
export function createSnmpDeviceFinder(
  database: ConnectedDatabase,
  sealer: Sealer,
): (hostIds: readonly number[]) => Promise<ReadonlyMap<number, SnmpDevice>> {
  return async (hostIds) => {
    const found = new Map<number, SnmpDevice>();
    if (hostIds.length === 0) return found;
    const { db, dialect } = database;
    const credentials = await loadDefinitions(db, "SnmpCredential", sealer);
    if (!credentials.some(({ isEnabled }) => isEnabled)) return found;
    const hosts = await db
      .selectFrom("host")
      .select(["id", "name", "address", "labels_json", "facts_json", "groups_json"])
      .where(sql<boolean>`id in ${idList(dialect, hostIds)}`)
      .execute();
    for (const { id, name, address, labels_json: labels, facts_json: facts, groups_json: groups } of hosts) {
      const host = {
        name,
        labels: effectiveLabels(Labels.parse(JSON.parse(facts)), Labels.parse(JSON.parse(labels))),
        groups: Groups.parse(JSON.parse(groups)),
      };
      const credential = chooseCredential(host, credentials);
      if (credential === undefined) continue;
      const device = SnmpDevice.safeParse({
        hostId: id,
        hostName: name,
        address: address ?? name,
        port: credential.port,
        credential: credential.name,
        security: SnmpSecurity.parse(credential),
      });
      if (device.success) found.set(id, device.data);
    }
    return found;
  };
}
