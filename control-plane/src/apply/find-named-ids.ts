import type { ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";
import type { Executor } from "../database/dialect/dialect.ts";
import { definitionKey } from "../resource/definition.ts";
import { findZoneDefinitions } from "../resource/find-zone-definitions.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";

/** What some changes name, as it is stored now. */
export interface NamedIds {
  /** By `definitionKey`; what does not exist is absent. */
  readonly ids: ReadonlyMap<string, number>;
  readonly userIdOfContact: ReadonlyMap<number, number | null>;
  /** Keys of passive services whose names a check has. */
  readonly takenNames: ReadonlySet<string>;
}

/** Finds the objects that changes of one kind are about, and what writing them refers to by id. */
export async function findNamedIds(
  tx: Executor,
  kind: ResourceKind,
  changes: readonly PlannedChange[],
): Promise<NamedIds> {
  const ids = new Map<string, number>();
  const userIdOfContact = new Map<number, number | null>();
  const takenNames = new Set<string>();
  const definitions = changes.flatMap(({ before, after }) => namedBy(before, after));
  const names = definitions.map(({ name }) => name);
  if (names.length === 0) return { ids, userIdOfContact, takenNames };
  switch (kind) {
    case "Host":
      for (const row of await tx.selectFrom("host").select(["id", "name"]).where("name", "in", names).execute())
        ids.set(`Host ${row.name}`, row.id);
      break;
    case "Check":
      for (const row of await tx
        .selectFrom("check_definition")
        .select(["id", "name"])
        .where("name", "in", names)
        .execute())
        ids.set(`Check ${row.name}`, row.id);
      break;
    case "Service":
      await addServices(tx, definitions, ids, takenNames);
      break;
    case "Contact":
    case "NotificationRule": {
      for (const row of await tx.selectFrom("contact").select(["id", "name", "user_id"]).execute()) {
        ids.set(`Contact ${row.name}`, row.id);
        userIdOfContact.set(row.id, row.user_id);
      }
      if (kind === "Contact") break;
      const rules = tx.selectFrom("notification_rule").select(["id", "name"]).where("name", "in", names);
      for (const row of await rules.execute()) ids.set(`NotificationRule ${row.name}`, row.id);
      break;
    }
    case "Zone":
      for await (const { id, definition } of findZoneDefinitions(tx, names)) ids.set(definitionKey(definition), id);
      break;
    default: {
      const rows = tx
        .selectFrom("definition")
        .select(["id", "name"])
        .where("kind", "=", kind)
        .where("name", "in", names);
      for (const row of await rows.execute()) ids.set(`${kind} ${row.name}`, row.id);
    }
  }
  return { ids, userIdOfContact, takenNames };
}

/** What is written, and under which name it is now when that is another. */
function namedBy(before: ResourceDefinition | null, after: ResourceDefinition | null): ResourceDefinition[] {
  if (after === null) return before === null ? [] : [before];
  return before === null || before.name === after.name ? [after] : [before, after];
}

async function addServices(
  tx: Executor,
  definitions: readonly ResourceDefinition[],
  ids: Map<string, number>,
  takenNames: Set<string>,
): Promise<void> {
  const services = definitions.filter((definition) => definition.kind === "Service");
  const hostNames = [...new Set(services.map(({ host }) => host))];
  const hosts = await tx.selectFrom("host").select(["id", "name"]).where("name", "in", hostNames).execute();
  const nameOf = new Map(hosts.map((row) => [row.id, row.name]));
  for (const row of hosts) ids.set(`Host ${row.name}`, row.id);
  if (hosts.length === 0) return;
  const wanted = new Set(services.map(definitionKey));
  const rows = await tx
    .selectFrom("service")
    .select(["id", "host_id", "name", "check_id"])
    .where("host_id", "in", [...nameOf.keys()])
    .where("name", "in", [...new Set(services.map(({ name }) => name))])
    .execute();
  for (const row of rows) {
    const key = `Service ${nameOf.get(row.host_id)}/${row.name}`;
    if (!wanted.has(key)) continue;
    if (row.check_id === null) ids.set(key, row.id);
    else takenNames.add(key);
  }
}
