import type { RecipientChange } from "@mycloud/protocol/notification";
import { ApplyAnswer, ApplyRequest } from "@mycloud/protocol/resource";
import { answerAsJson } from "../apply/answer-apply.ts";
import { type Applies, createApplyStreamRoutes } from "../apply/index.ts";
import { isLarge } from "../apply/is-large.ts";
import { feedResources } from "../apply/routes.ts";
import type { AuditLog } from "../audit/index.ts";
import { refuseRuleCircles } from "../business-rule/refuse-rule-circles.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { refuseCircles } from "../definition/refuse-circles.ts";
import type { Actor } from "../http/actor.ts";
import { forOperators, type Route, route } from "../http/route.ts";
import { businessRuleCommand } from "../monitored/index.ts";
import { diffRecipients, readRecipientBoard } from "../notification/simulate/diff-recipients.ts";
import type { Scope } from "../scope/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { carryOut } from "./carry-out.ts";
import { createTemplateUseRoutes } from "./choose-templates.ts";
import { zonesOfApply } from "./find-zone-definitions.ts";
import { planApply } from "./plan-apply.ts";
import type { PlannedChange } from "./plan-changes.ts";
import { recordChange } from "./record-change.ts";
import { refuseBoundApply } from "./refuse-bound-apply.ts";
import { refuseFaults } from "./refuse-faults.ts";
import { findStoredDefinitions } from "./stored-definitions.ts";
import { saveTemplateUses } from "./template-use-store.ts";

export interface ResourceRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly now: () => number;
  /** The built-in checks, as `describePlugins` lists them. */
  readonly describeCommands: () => Promise<readonly { readonly name: string }[]>;
  /** Takes over what is too much for one transaction. */
  readonly applies: Applies;
}

const maximumBodyBytes = 32 * 1024 * 1024;

/** Ends a dry run: everything was tried for real and is rolled back. */
class DryRunEnded extends Error {}

/** Apply. It reaches over all hosts, so only unbound operators may. */
export function createResourceRoutes(dependencies: ResourceRoutesDependencies): Route[] {
  const { database, audit, changes, sealer, now, describeCommands, applies } = dependencies;
  const { db, dialect } = database;

  async function apply(actor: Actor, scope: Scope, request: ApplyRequest) {
    const commands = new Set((await describeCommands()).map((command) => command.name));
    let planned: PlannedChange[] = [];
    let recipientChanges: RecipientChange[] = [];
    await database
      .transaction(async (tx) => {
        const stored = await findStoredDefinitions(
          tx,
          dialect,
          scope,
          undefined,
          zonesOfApply(request.resources, request.prune),
        );
        const plan = planApply(request.resources, request.prune, stored, commands);
        planned = plan.planned;
        refuseFaults(plan.issues);
        const isLook = request.dryRun && planned.some(({ action }) => action !== "unchanged");
        const before = isLook ? await readRecipientBoard(tx, dialect, now()) : null;
        await carryOut(tx, dialect, planned, stored, sealer, now(), actor);
        await saveTemplateUses(tx, planned);
        if (before !== null) recipientChanges = diffRecipients(before, await readRecipientBoard(tx, dialect, now()));
        await refuseCircles(tx, new Set(planned.filter(isWritten).map((change) => change.kind)));
        if (planned.some(isWrittenRule)) await refuseRuleCircles(tx, dialect);
        for (const change of planned) await recordChange(tx, audit, actor, change);
        if (request.dryRun) throw new DryRunEnded();
      })
      .catch((error: unknown) => {
        if (!(error instanceof DryRunEnded)) throw error;
      });
    return { planned, recipientChanges };
  }

  async function applyAtOnce(actor: Actor, scope: Scope, request: ApplyRequest): Promise<ApplyAnswer> {
    const { dryRun } = request;
    const { planned, recipientChanges } = await apply(actor, scope, request);
    const made = dryRun ? [] : planned.filter(({ action }) => action !== "unchanged");
    if (made.length > 0) changes.publish("definitions", null);
    if (made.some(({ kind }) => kind === "Zone")) changes.publish("dns-zones", null);
    const answered = planned.map(({ kind, name, action, fields }) => ({ kind, name, action, fields }));
    return { dryRun, changes: answered, recipientChanges, notes: [] };
  }

  return [
    ...createTemplateUseRoutes(dependencies),
    ...createApplyStreamRoutes({ database, applies, applyAtOnce }),
    route({
      method: "post",
      path: "/api/v1/apply",
      summary: "Bring definitions in line with these: all or nothing; dryRun tries it and takes it back",
      access: forOperators,
      body: ApplyRequest,
      answer: ApplyAnswer,
      maximumBodyBytes,
      async handle({ actor, scope, body, response, signal }) {
        refuseBoundApply(scope);
        const { dryRun, prune } = body;
        if (await isLarge(db, body)) {
          const feed = (take: Parameters<typeof feedResources>[1]) => feedResources(body, take);
          const large = { actor, prune, dryRun, feed, report: () => undefined, signal };
          return await applies.run(large, (applied) => answerAsJson(response, applied, dryRun));
        }
        return await applyAtOnce(actor, scope, body);
      },
    }),
  ];
}

function isWritten({ action }: PlannedChange): boolean {
  return action === "create" || action === "update";
}

function isWrittenRule(change: PlannedChange): boolean {
  return isWritten(change) && change.after?.kind === "Check" && change.after.spec.command === businessRuleCommand;
}
