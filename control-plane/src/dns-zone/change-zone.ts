import type { ZoneChangeAnswer } from "@mycloud/protocol/dns-zone";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { everyRecord, type IsIn } from "../dns-publish/index.ts";
import { InputError, NotFoundError, PreconditionError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";
import { type ChangeAuthor, carryOutChange, changeAnswer, refuseFaults } from "./carry-out-change.ts";
import type { ZonePlan } from "./plan-change.ts";
import { refuseForCustomer, refuseMissingServices } from "./refuse-wishes.ts";
import { findZone, lockZone, type StoredZone, type ZoneReference } from "./zone-store.ts";

/** How services are at present, for the records that follow them: read in the transaction that publishes. */
export type ReadBindings = (executor: Executor) => Promise<IsIn>;

/** Nobody says how services are: everything is published. */
export const withoutBindings: ReadBindings = async () => everyRecord;

export interface ZoneDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly readBindings: ReadBindings;
  readonly now: () => number;
}

export interface ZoneChangeOrder {
  readonly scope: Scope;
  readonly reference: ZoneReference;
  readonly author: ChangeAuthor;
  readonly isPreview: boolean;
  /** The revision that it was made of (If-Match); undefined: any. */
  readonly expectedRevision?: number | undefined;
}

export type MakePlan = (
  executor: Executor,
  zone: StoredZone,
  present: { readonly isIn: IsIn; readonly nowMs: number },
) => Promise<ZonePlan>;

/**
 * Changes a zone as `makePlan` says, all or nothing; or answers what that would be. Throws NotFoundError, PreconditionError when the zone is not at the
 * expected revision any more, InputError with what the change would break, NotAllowedError.
 */
export async function changeZone(
  dependencies: ZoneDependencies,
  order: ZoneChangeOrder,
  makePlan: MakePlan,
): Promise<ZoneChangeAnswer> {
  const { database, audit, changes, readBindings, now } = dependencies;
  const { scope, reference, author, isPreview } = order;
  const plan = async (executor: Executor, found: StoredZone | null): Promise<ZonePlan> => {
    const zone = existing(found);
    refuseChangeOf(zone, order);
    const made = await makePlan(executor, zone, { isIn: await readBindings(executor), nowMs: now() });
    refuseForCustomer(scope, made);
    await refuseMissingServices(executor, scope, made.differences);
    return made;
  };
  // A preview takes nothing from anybody: it reads beside those who write.
  if (isPreview) return changeAnswer(await plan(database.db, await findZone(database.db, scope, reference)), null);
  const { made, after } = await database.transaction(async (tx) => {
    const made = await plan(tx, await lockZone(tx, database.dialect, scope, reference));
    refuseFaults(made);
    return { made, after: await carryOutChange(tx, database.dialect, audit, made, author, now()) };
  });
  if (after.revision !== made.zone.revision) changes.publish("dns-zones", [after.id]);
  return changeAnswer(made, after);
}

function refuseChangeOf(zone: StoredZone, { expectedRevision }: ZoneChangeOrder): void {
  if (expectedRevision === undefined || expectedRevision === zone.revision) return;
  throw new PreconditionError(
    `${zone.name} is at revision ${zone.revision}, not ${expectedRevision}: somebody changed it meanwhile; look at it again`,
  );
}

/** Throws NotFoundError for null. */
export function existing(zone: StoredZone | null): StoredZone {
  if (zone === null) throw new NotFoundError("there is no such zone");
  return zone;
}

/** Throws InputError for a secondary zone, whose records are another server's. */
export function refuseSecondary({ kind, name }: Pick<StoredZone, "kind" | "name">): void {
  if (kind === "secondary")
    throw new InputError(`${name} is a secondary zone: its records are changed at its primaries`);
}
