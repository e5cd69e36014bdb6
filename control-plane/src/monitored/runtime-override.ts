import { RuntimeOverride } from "@mycloud/protocol/monitored";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";

/** What operators switched off for everything. What is absent is on. */
export const ProgramOverride = z.object({
  isNotificationEnabled: z.boolean().optional(),
  isEventHandlerEnabled: z.boolean().optional(),
  isFlapDetectionEnabled: z.boolean().optional(),
  isActiveServiceCheckEnabled: z.boolean().optional(),
  isActiveHostCheckEnabled: z.boolean().optional(),
  isPassiveServiceCheckEnabled: z.boolean().optional(),
  isPassiveHostCheckEnabled: z.boolean().optional(),
});
export type ProgramOverride = z.infer<typeof ProgramOverride>;

/** What operators changed on one contact. What is absent is as defined. */
export const ContactOverride = z.object({
  isHostNotificationEnabled: z.boolean().optional(),
  isServiceNotificationEnabled: z.boolean().optional(),
  /** The time periods in which the contact is told of hosts, and of services. */
  hostPeriod: z.string().optional(),
  servicePeriod: z.string().optional(),
  variables: z.record(z.string(), z.string()).optional(),
});
export type ContactOverride = z.infer<typeof ContactOverride>;

/** The overrides there are: few, as each is somebody's command. */
export interface RuntimeOverrides {
  readonly program: ProgramOverride;
  readonly contacts: ReadonlyMap<number, ContactOverride>;
  readonly hosts: ReadonlyMap<number, RuntimeOverride>;
  readonly services: ReadonlyMap<number, RuntimeOverride>;
}

/** The settings that overrides reach; others pass as they are. */
interface Overridable {
  readonly isActiveCheckEnabled: boolean;
  readonly isPassiveCheckEnabled: boolean;
  readonly isNotificationEnabled: boolean;
  readonly isEventHandlerEnabled: boolean;
  readonly checkPeriod: string | null;
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads all overrides, or with `keys` (overrideKeyOf) those of some hosts and services only. */
export async function loadRuntimeOverrides(executor: Executor, keys?: readonly string[]): Promise<RuntimeOverrides> {
  const all = executor.selectFrom("runtime_override").selectAll();
  // A list of nothing is no SQL.
  const isWanted = sql<boolean>`object_key in (${sql.join(keys?.length ? keys : [""])})`;
  const rows = await (keys === undefined ? all : all.where(isWanted)).execute();
  const hosts = new Map<number, RuntimeOverride>();
  const services = new Map<number, RuntimeOverride>();
  const contacts = new Map<number, ContactOverride>();
  let program: ProgramOverride = {};
  for (const row of rows) {
    const settings: unknown = JSON.parse(row.settings_json);
    if (row.service_id !== null) services.set(row.service_id, RuntimeOverride.parse(settings));
    else if (row.host_id !== null) hosts.set(row.host_id, RuntimeOverride.parse(settings));
    else if (row.object_key === programKey) program = ProgramOverride.parse(settings);
    else contacts.set(Number(row.object_key.slice(1)), ContactOverride.parse(settings));
  }
  return { program, hosts, services, contacts };
}

/** Settings of a host (`serviceId` null) or a service as they count: the definition's, what was switched on it, what is off for all. Pure. */
export function effectiveSettings<Settings extends Overridable>(
  settings: Settings,
  { program, hosts, services }: RuntimeOverrides,
  hostId: number,
  serviceId: number | null,
): Settings {
  const own = serviceId === null ? hosts.get(hostId) : services.get(serviceId);
  const isNothing = own === undefined && Object.keys(program).length === 0;
  if (isNothing) return settings;
  const active = serviceId === null ? program.isActiveHostCheckEnabled : program.isActiveServiceCheckEnabled;
  const passive = serviceId === null ? program.isPassiveHostCheckEnabled : program.isPassiveServiceCheckEnabled;
  return {
    ...settings,
    isActiveCheckEnabled: (own?.isActiveCheckEnabled ?? settings.isActiveCheckEnabled) && (active ?? true),
    isPassiveCheckEnabled: (own?.isPassiveCheckEnabled ?? settings.isPassiveCheckEnabled) && (passive ?? true),
    isNotificationEnabled:
      (own?.isNotificationEnabled ?? settings.isNotificationEnabled) && (program.isNotificationEnabled ?? true),
    isEventHandlerEnabled:
      (own?.isEventHandlerEnabled ?? settings.isEventHandlerEnabled) && (program.isEventHandlerEnabled ?? true),
    checkPeriod: own?.checkPeriod ?? settings.checkPeriod,
    variables: own?.variables === undefined ? settings.variables : { ...settings.variables, ...own.variables },
  };
}

/** How often something is checked, and how often before a state is believed. */
interface Schedule {
  readonly checkIntervalSeconds: number;
  readonly retryIntervalSeconds: number;
  readonly maxCheckAttempts: number;
}

/** The schedule of a host (`serviceId` null) or a service as it counts. Pure. */
export function effectiveSchedule<Defined extends Partial<Schedule>>(
  schedule: Defined,
  { hosts, services }: RuntimeOverrides,
  hostId: number,
  serviceId: number | null,
): Defined {
  const own = serviceId === null ? hosts.get(hostId) : services.get(serviceId);
  if (own === undefined) return schedule;
  const changed = { ...schedule };
  for (const name of scheduleNames) {
    const value = own[name];
    if (value !== undefined && schedule[name] !== undefined) Object.assign(changed, { [name]: value });
  }
  return changed;
}

const scheduleNames = ["checkIntervalSeconds", "retryIntervalSeconds", "maxCheckAttempts"] as const;

/** Whether changes of a host or service are watched for flapping, as it counts. Pure. */
export function isFlapDetectionOn(
  isDefined: boolean,
  { program, hosts, services }: RuntimeOverrides,
  hostId: number,
  serviceId: number | null,
): boolean {
  const own = serviceId === null ? hosts.get(hostId) : services.get(serviceId);
  return (own?.isFlapDetectionEnabled ?? isDefined) && (program.isFlapDetectionEnabled ?? true);
}

/** What is overridden on one host (`serviceId` null) or service, and since when; null where all is as defined. */
export async function findOverride(
  executor: Executor,
  hostId: number,
  serviceId: number | null,
): Promise<{ readonly settings: RuntimeOverride; readonly changedAtMs: number } | null> {
  const row = await executor
    .selectFrom("runtime_override")
    .select(["settings_json", "updated_at_ms"])
    .where(sql<boolean>`object_key = ${overrideKeyOf(hostId, serviceId)}`)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { settings: RuntimeOverride.parse(JSON.parse(row.settings_json)), changedAtMs: row.updated_at_ms };
}

/** Adds to what is overridden on hosts and services; in the caller's transaction, which locks the rows. */
export async function overrideSettings(
  tx: Executor,
  dialect: Dialect,
  objects: readonly { readonly hostId: number; readonly serviceId: number | null }[],
  change: RuntimeOverride,
  nowMs: number,
): Promise<void> {
  for (const { hostId, serviceId } of objects) {
    const key = overrideKeyOf(hostId, serviceId);
    const before = RuntimeOverride.parse(await readOverride(tx, dialect, key));
    const variables = { ...before.variables, ...change.variables };
    const after = { ...before, ...change, ...(Object.keys(variables).length === 0 ? {} : { variables }) };
    const row = [key, serviceId === null ? hostId : null, serviceId, JSON.stringify(after), nowMs] as const;
    await dialect.upsertMany(tx, "runtime_override", columns, [row], ["object_key"]);
  }
}

/** Adds to what is overridden for everything. */
export async function overrideProgram(
  tx: Executor,
  dialect: Dialect,
  change: ProgramOverride,
  nowMs: number,
): Promise<void> {
  const before = ProgramOverride.parse(await readOverride(tx, dialect, programKey));
  const row = [programKey, null, null, JSON.stringify({ ...before, ...change }), nowMs] as const;
  await dialect.upsertMany(tx, "runtime_override", columns, [row], ["object_key"]);
}

/** Adds to what is overridden on contacts. */
export async function overrideContacts(
  tx: Executor,
  dialect: Dialect,
  contactIds: readonly number[],
  change: ContactOverride,
  nowMs: number,
): Promise<void> {
  for (const id of contactIds) {
    const key = `c${id}`;
    const before = ContactOverride.parse(await readOverride(tx, dialect, key));
    const variables = { ...before.variables, ...change.variables };
    const after = { ...before, ...change, ...(Object.keys(variables).length === 0 ? {} : { variables }) };
    await dialect.upsertMany(
      tx,
      "runtime_override",
      columns,
      [[key, null, null, JSON.stringify(after), nowMs]],
      ["object_key"],
    );
  }
}

/** Takes back what is overridden on a host, a service or a contact, but for the settings that are kept. */
export async function keepOverrides(
  tx: Executor,
  dialect: Dialect,
  key: string,
  kept: ReadonlySet<string>,
  nowMs: number,
): Promise<void> {
  const before = Object.entries(Object(await readOverride(tx, dialect, key)));
  const after = before.filter(([name]) => kept.has(name));
  const row = tx.updateTable("runtime_override").where(sql<boolean>`object_key = ${key}`);
  if (after.length === 0) await tx.deleteFrom("runtime_override").where(sql<boolean>`object_key = ${key}`).execute();
  else await row.set({ settings_json: JSON.stringify(Object.fromEntries(after)), updated_at_ms: nowMs }).execute();
}

/** What a host (`serviceId` null) or a service is called in the table of overrides. Pure. */
export function overrideKeyOf(hostId: number, serviceId: number | null): string {
  return serviceId === null ? `h${hostId}` : `s${serviceId}`;
}

const programKey = "program";
const columns = ["object_key", "host_id", "service_id", "settings_json", "updated_at_ms"] as const;

async function readOverride(tx: Executor, dialect: Dialect, key: string): Promise<unknown> {
  const row = await tx
    .selectFrom("runtime_override")
    .select("settings_json")
    .where(sql<boolean>`object_key = ${key}`)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  return row === undefined ? {} : JSON.parse(row.settings_json);
}
