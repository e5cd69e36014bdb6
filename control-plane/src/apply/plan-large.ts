import { type ResourceDefinition, type ResourceKind, resourceKinds } from "@mycloud/protocol/resource";
import { describeConflicts } from "../check/plan-services.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { readConsistently } from "../database/read-consistently.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { computedCommands } from "../monitored/index.ts";
import { definitionKey, titleOf } from "../resource/definition.ts";
import { zonesOfApply } from "../resource/find-zone-definitions.ts";
import { planApply } from "../resource/plan-apply.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";
import { refuseFaults } from "../resource/refuse-faults.ts";
import { findStoredDefinitions } from "../resource/stored-definitions.ts";
import { everything } from "../scope/index.ts";
import { findServiceEffect } from "./find-service-conflicts.ts";
import { type Edit, planEdit } from "./plan-edit.ts";
import { planSteps } from "./plan-steps.ts";
import { refuseProposedCircles } from "./refuse-proposed-circles.ts";
import { refuseProposedRuleCircles } from "./refuse-proposed-rule-circles.ts";
import type { ApplyStep } from "./step.ts";

/** A plan with nothing against it. */
export interface LargePlan {
  readonly planned: readonly PlannedChange[];
  readonly steps: readonly ApplyStep[];
  /** Services of checks that appear and go with it. */
  readonly servicesCreated: number;
  readonly servicesRemoved: number;
  /** The newest audit entry this plan knows of: what was changed later it has not seen. */
  readonly newestAuditId: number;
}

/** Definitions of files, and the kinds of which they are all there shall be. */
export interface WantedDefinitions {
  readonly items: readonly unknown[];
  readonly prune: readonly ResourceKind[];
}

/**
 * Plans an apply by what is stored, and writes nothing. Takes seconds of processor for a hundred thousand definitions: not for the event loop that takes
 * results. Throws InputError or ConflictError that names everything that speaks against it.
 */
export async function planLarge(
  database: ConnectedDatabase,
  wanted: WantedDefinitions | Edit,
  commands: ReadonlySet<string>,
): Promise<LargePlan> {
  return await readConsistently(database, async (executor) => {
    const newestAuditId = await findNewestAuditId(executor);
    const zones = "items" in wanted ? zonesOfApply(wanted.items, wanted.prune) : [];
    const stored = await findStoredDefinitions(executor, database.dialect, everything, undefined, zones);
    const { planned, issues } =
      "items" in wanted ? planApply(wanted.items, wanted.prune, stored, commands) : planEdit(wanted, stored, commands);
    refuseFaults(issues);
    refuseComputedHostChecks(planned);
    const definitions = proposedDefinitions(stored.definitions, planned);
    const effect = await findServiceEffect(executor, planned, definitions, proposedIds(stored.ids, planned));
    if (effect.conflicts.length > 0) throw new ConflictError(describeConflicts(effect.conflicts));
    refuseProposedCircles(definitions, effect.hosts);
    refuseProposedRuleCircles(planned, definitions, effect);
    const { created: servicesCreated, removed: servicesRemoved } = effect;
    return { planned, steps: planSteps(planned, effect), servicesCreated, servicesRemoved, newestAuditId };
  });
}

const auditedKinds = resourceKinds.map((kind) => titleOf(kind).replaceAll(" ", "-"));

async function findNewestAuditId(executor: Executor): Promise<number> {
  const newest = executor.selectFrom("audit_entry").select((eb) => eb.fn.max<number | null>("id").as("id"));
  return (await newest.executeTakeFirst())?.id ?? 0;
}

/** Whether somebody changed a definition since an audit entry: whoever does leaves an entry in the same transaction. */
export async function haveDefinitionsChanged(tx: Executor, sinceAuditId: number): Promise<boolean> {
  const row = await tx
    .selectFrom("audit_entry")
    .select("id")
    .where("id", ">", sinceAuditId)
    .where("resource_kind", "in", auditedKinds)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** All definitions as they will be. Pure. */
function proposedDefinitions(
  stored: readonly ResourceDefinition[],
  planned: readonly PlannedChange[],
): ResourceDefinition[] {
  const byKey = new Map(stored.map((definition) => [definitionKey(definition), definition]));
  const goneHosts = new Set<string>();
  for (const { before, after } of planned) {
    if (before !== null && isRenamed(before, after)) byKey.delete(definitionKey(before));
    if (after !== null) byKey.set(definitionKey(after), after);
    else if (before !== null) {
      byKey.delete(definitionKey(before));
      if (before.kind === "Host") goneHosts.add(before.name);
    }
  }
  return [...byKey.values()].filter((one) => one.kind !== "Service" || !goneHosts.has(one.host));
}

/** Ids by the names that definitions will have. Pure. */
function proposedIds(
  stored: ReadonlyMap<string, number>,
  planned: readonly PlannedChange[],
): ReadonlyMap<string, number> {
  const ids = new Map(stored);
  for (const { before, after } of planned) {
    const id = before === null ? undefined : stored.get(definitionKey(before));
    if (before === null || after === null || id === undefined || !isRenamed(before, after)) continue;
    ids.delete(definitionKey(before));
    ids.set(definitionKey(after), id);
  }
  return ids;
}

function isRenamed(before: ResourceDefinition, after: ResourceDefinition | null): boolean {
  return after !== null && definitionKey(before) !== definitionKey(after);
}

function refuseComputedHostChecks(planned: readonly PlannedChange[]): void {
  for (const { after, action } of planned) {
    if (action === "unchanged" || after?.kind !== "Check") continue;
    if (!computedCommands.includes(after.spec.command) || after.spec.target !== "host") continue;
    const message = "is not possible with a business rule or a log check";
    throw new InputError(
      `Check ${after.name}: a business rule or a log check makes a service; it cannot tell whether a host is UP`,
      [{ field: `Check ${after.name}: spec.target`, value: "host", message }],
    );
  }
}
