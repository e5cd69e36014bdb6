import { randomBytes } from "node:crypto";
import {
  type Stored,
  StoredFilter,
  type StoredInput,
  type StoredKind,
  storedKinds,
} from "@mycloud/protocol/definition";
import { keptSecret } from "@mycloud/protocol/forward";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { NamePage } from "../database/name-page.ts";
import type { DefinitionTable } from "../database/schema.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { findSecrets, hideSecrets, mapSecrets, type Sealer } from "../sealing/index.ts";
import { refuseUnworkable } from "./refuse-unworkable.ts";

type DefinitionRow = Selectable<DefinitionTable>;

/** One page of a kind's definitions, without their secrets. */
export async function listDefinitions<Kind extends StoredKind>(
  executor: Executor,
  kind: Kind,
  query: ListQuery,
): Promise<ListAnswer<Stored<Kind>>> {
  return await readList({
    query,
    filterSchema: StoredFilter,
    from: executor.selectFrom("definition").where("kind", "=", kind),
    select: (rows) => rows.selectAll(),
    sortable: { id: "id", name: "name", createdAtMs: "created_at_ms", updatedAtMs: "updated_at_ms" },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "spec_json"], words),
      name: (eb, name) => eb("name", "=", name),
    },
    toItem: (row: DefinitionRow) => toStored(kind, row),
  });
}

/** Without its secrets; null when there is none of that kind. */
export async function findDefinition<Kind extends StoredKind>(
  executor: Executor,
  kind: Kind,
  id: number,
): Promise<Stored<Kind> | null> {
  const row = await executor
    .selectFrom("definition")
    .selectAll()
    .where("kind", "=", kind)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : toStored(kind, row);
}

/** Every definition of every stored kind by kind and name, without secrets; for export and apply. */
export async function findAllDefinitions(
  executor: Executor,
): Promise<{ readonly id: number; readonly kind: StoredKind; readonly name: string; readonly spec: unknown }[]> {
  const rows = await executor.selectFrom("definition").selectAll().orderBy("kind").orderBy("name").execute();
  return rows.flatMap(({ id, kind, name, spec_json }) =>
    isStoredKind(kind) ? [{ id, kind, name, spec: hideSecrets(JSON.parse(spec_json)) }] : [],
  );
}

/** As `findAllDefinitions`, of one kind and so many at a time. */
export async function findDefinitionsPage(
  executor: Executor,
  kind: StoredKind,
  { after, limit }: NamePage,
): Promise<{ readonly name: string; readonly spec: unknown }[]> {
  const all = executor.selectFrom("definition").select(["name", "spec_json"]).where("kind", "=", kind);
  const behind = after === null ? all : all.where("name", ">", after);
  const rows = await behind.orderBy("name").limit(limit).execute();
  return rows.map((row) => ({ name: row.name, spec: hideSecrets(JSON.parse(row.spec_json)) }));
}

/** The definitions of a kind with their secrets, for the program itself; one whose secret does not open has none. */
export async function loadDefinitions<Kind extends StoredKind>(
  executor: Executor,
  kind: Kind,
  sealer: Sealer,
): Promise<Stored<Kind>[]> {
  const rows = await executor.selectFrom("definition").selectAll().where("kind", "=", kind).orderBy("name").execute();
  return rows.map((row) => {
    const spec = mapSecrets(JSON.parse(row.spec_json), (sealed) => openOrEmpty(sealer, sealed, kind));
    return parseRow(kind, row, spec);
  });
}

/**
 * Creates (`id` null) or changes a definition; answers its id. A secret written as `********` stays what it is. Throws ConflictError when the name is
 * taken, InputError for a `********` where no secret is stored.
 */
export async function saveDefinition<Kind extends StoredKind>(
  tx: Executor,
  dialect: Dialect,
  sealer: Sealer,
  kind: Kind,
  id: number | null,
  input: { readonly name: string },
  nowMs: number,
): Promise<number> {
  refuseUnworkable(kind, input);
  const { name, ...spec } = input;
  const before =
    id === null ? undefined : await tx.selectFrom("definition").selectAll().where("id", "=", id).executeTakeFirst();
  const kept = before === undefined ? new Map<string, string>() : findSecrets(JSON.parse(before.spec_json));
  const sealed = mapSecrets(spec, (secret, path) => {
    if (secret === "") return "";
    if (secret !== keptSecret) return sealer.seal(secret, kind);
    const old = kept.get(path);
    if (old !== undefined) return old;
    if (kind === "TsigKey") return sealer.seal(newTsigSecret(), kind);
    const message = `is "${keptSecret}", which keeps a stored secret; there is none yet`;
    throw new InputError(`${path} ${message}`, [{ field: path, message }]);
  });
  const columns = { kind, name, spec_json: JSON.stringify(sealed), updated_at_ms: nowMs };
  try {
    if (id !== null) {
      await tx.updateTable("definition").set(columns).where("id", "=", id).execute();
      return id;
    }
    const values = { ...columns, created_at_ms: nowMs };
    return (await tx.insertInto("definition").values(values).returning("id").executeTakeFirstOrThrow()).id;
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    const issues = [{ field: "name", value: name, message: "is taken" }];
    throw new ConflictError(`there is a ${storedKinds[kind].title} named "${name}" already`, issues);
  }
}

export async function deleteDefinition(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("definition").where("id", "=", id).execute();
}

/** As many octets as the longest hash has (RFC 8945 §8). */
export function newTsigSecret(): string {
  return randomBytes(64).toString("base64");
}

function isStoredKind(kind: string): kind is StoredKind {
  return Object.hasOwn(storedKinds, kind);
}

function toStored<Kind extends StoredKind>(kind: Kind, row: DefinitionRow): Stored<Kind> {
  return parseRow(kind, row, hideSecrets(JSON.parse(row.spec_json)));
}

function parseRow<Kind extends StoredKind>(kind: Kind, row: DefinitionRow, spec: unknown): Stored<Kind> {
  // One schema of a map of schemas: what it parses is what the map says, which the compiler cannot follow through the index.
  const input = storedKinds[kind].input.parse({ ...Object(spec), name: row.name }) as StoredInput<Kind>;
  return { ...input, id: row.id, createdAtMs: row.created_at_ms, updatedAtMs: row.updated_at_ms };
}

function openOrEmpty(sealer: Sealer, sealed: string, kind: StoredKind): string {
  try {
    return sealed === "" ? "" : sealer.open(sealed, kind);
  } catch {
    return "";
  }
}
