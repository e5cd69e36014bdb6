import { Turns } from "@mycloud/dns/zone-store";
import type { ZoneChangeAnswer, ZoneFinding } from "@mycloud/protocol/dns-zone";
import type { AuditLog } from "../audit/index.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { forgetSteps, saveStep } from "../dns-publish/index.ts";
import { InputError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { saveHistoryEntry } from "./history-store.ts";
import type { PlannedDifference, ZonePlan } from "./plan-change.ts";
import { deleteRrsets, insertRrsets, updateRrset, type WrittenRrset } from "./rrset-store.ts";
import { valuesOf } from "./rrset-values.ts";
import { type StoredZone, updateZone } from "./zone-store.ts";

/** Who makes a change, and why. */
export interface ChangeAuthor {
  readonly actor: Actor;
  /** As the history names it: the actor's name, unless somebody acts through it (a TSIG key through a name server). */
  readonly name?: string;
  readonly comment: string;
  /** The revision that it undoes. */
  readonly undoes?: number;
  /** What the audit calls it; default: `dns-zone.change`. */
  readonly action?: string;
}

/** Throws InputError with what a plan would break. */
export function refuseFaults({ faults }: ZonePlan): void {
  if (faults.length === 0) return;
  const issues = faults.map(({ name, type, message }) => ({
    field: type === null ? name : `${name} ${type}`,
    message,
  }));
  const sentences = faults.slice(0, 3).map(describeFinding);
  throw new InputError(sentences.join("; ") + (faults.length > 3 ? `; and ${faults.length - 3} more` : ""), issues);
}

function describeFinding({ name, type, message }: ZoneFinding): string {
  return `${name}${type === null ? "" : ` ${type}`}: ${message}`;
}

/** Carries a plan out, in the transaction that it was made in, where the zone is locked. Nothing happens where it comes to nothing. Answers the zone then. */
export async function carryOutChange(
  tx: Executor,
  dialect: Dialect,
  audit: Pick<AuditLog, "record">,
  plan: ZonePlan,
  author: ChangeAuthor,
  nowMs: number,
): Promise<StoredZone> {
  const { zone, settings, differences, step, source } = plan;
  const areSettingsSame = JSON.stringify(settings) === JSON.stringify(zone.settings);
  if (differences.length === 0 && areSettingsSame) return zone;
  const revision = zone.revision + 1;
  await writeRrsets(tx, dialect, plan, revision, nowMs);
  const after: StoredZone = {
    ...zone,
    ...countsAfter(zone, differences),
    ...{ settings, revision, serial: step?.toSerial ?? zone.serial, changedAtMs: nowMs },
  };
  await updateZone(tx, zone.id, after);
  if (step !== null) {
    // Another default TTL changes records that no difference names.
    if (settings.defaultTtlSeconds !== zone.settings.defaultTtlSeconds) await forgetSteps(tx, zone.id);
    else await saveStep(tx, dialect, zone.id, step, nowMs);
  }
  const name = (author.name ?? author.actor.name).slice(0, 255);
  await saveHistoryEntry(tx, dialect, {
    ...{ zoneId: zone.id, revision, atMs: nowMs, author: name, source, comment: author.comment, serial: after.serial },
    ...{ undoes: author.undoes ?? null, differences },
    settings: areSettingsSame ? null : { before: zone.settings, after: settings },
  });
  await audit.record(tx, {
    actor: author.actor,
    action: author.action ?? "dns-zone.change",
    resourceKind: "dns-zone",
    resourceId: zone.id,
    resourceName: zone.view === null ? zone.name : `${zone.name}@${zone.view}`,
    before: auditText(differences, "before", areSettingsSame ? null : zone.settings),
    after: { revision, serial: after.serial, ...auditText(differences, "after", areSettingsSame ? null : settings) },
  });
  return after;
}

const auditedDifferences = 50;

function auditText(differences: readonly PlannedDifference[], side: "before" | "after", settings: unknown): object {
  const rrsets = differences.slice(0, auditedDifferences).map((difference) => {
    const { place } = difference;
    const values = difference[side];
    return [`${place.name} ${place.type}`, values === null ? null : valuesOf(values)];
  });
  const left = differences.length - rrsets.length;
  return {
    rrsets: Object.fromEntries(rrsets),
    ...(left > 0 ? { more: left } : {}),
    ...(settings === null ? {} : { settings }),
  };
}

async function writeRrsets(
  tx: Executor,
  dialect: Dialect,
  { zone, differences, source }: ZonePlan,
  revision: number,
  nowMs: number,
): Promise<void> {
  const gone: number[] = [];
  const made: WrittenRrset[] = [];
  const turns = new Turns();
  for (const { place, before, after, published } of differences) {
    if (turns.areOver) await turns.next();
    if (after === null) {
      if (before !== null) gone.push(before.id);
      continue;
    }
    const written = { nameKey: place.nameKey, name: place.name, type: place.type, values: after, published, source };
    if (before === null) made.push(written);
    else await updateRrset(tx, before.id, written, { revision, nowMs });
  }
  await deleteRrsets(tx, gone);
  const rowsAtOnce = 500;
  for (let at = 0; at < made.length; at += rowsAtOnce) {
    await insertRrsets(tx, dialect, zone.id, made.slice(at, at + rowsAtOnce), { revision, nowMs });
    if (turns.areOver) await turns.next();
  }
}

function countsAfter(zone: StoredZone, differences: readonly PlannedDifference[]) {
  let { rrsetCount, recordCount } = zone;
  for (const { before, after } of differences) {
    rrsetCount += (after === null ? 0 : 1) - (before === null ? 0 : 1);
    recordCount += (after?.records.length ?? 0) - (before?.records.length ?? 0);
  }
  return { rrsetCount, recordCount };
}

const shownDifferences = 1_000;

/** What a plan comes to, as the API answers it. `after`: the zone when it was carried out. */
export function changeAnswer(plan: ZonePlan, after: StoredZone | null): ZoneChangeAnswer {
  const { zone, settings, differences, findings, step } = plan;
  const areSettingsSame = JSON.stringify(settings) === JSON.stringify(zone.settings);
  const isNothing = differences.length === 0 && areSettingsSame;
  return {
    isPreview: after === null,
    revision: after?.revision ?? zone.revision + (isNothing ? 0 : 1),
    serialBefore: zone.serial,
    serial: after?.serial ?? step?.toSerial ?? zone.serial,
    differences: differences.slice(0, shownDifferences).map(shownDifference),
    differenceCount: differences.length,
    settings: areSettingsSame ? null : { before: zone.settings, after: settings },
    findings: [...findings],
  };
}

function shownDifference({ place, before, after }: PlannedDifference): ZoneChangeAnswer["differences"][number] {
  return {
    name: place.name,
    type: place.type,
    before: before === null ? null : valuesOf(before),
    after: after === null ? null : valuesOf(after),
  };
}
