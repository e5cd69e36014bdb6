import type { TemplateInput } from "@mycloud/protocol/definition";
import type { RecipientChange } from "@mycloud/protocol/notification";
import {
  ApplyAnswer,
  ApplyRequest,
  ExportAnswer,
  type ResourceDefinition,
  resourceKinds,
} from "@mycloud/protocol/resource";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import { refuseRuleCircles } from "../business-rule/refuse-rule-circles.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { refuseCircles } from "../definition/refuse-circles.ts";
import { InputError, NotAllowedError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { businessRuleCommand } from "../monitored/index.ts";
import { diffRecipients, readRecipientBoard } from "../notification/simulate/diff-recipients.ts";
import type { Scope } from "../scope/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { carryOut } from "./carry-out.ts";
import { titleOf } from "./definition.ts";
import { expandTemplates } from "./expand-templates.ts";
import { findReferenceFaults } from "./find-reference-faults.ts";
import { parseDefinitions } from "./parse-definitions.ts";
import { type PlannedChange, planChanges } from "./plan-changes.ts";
import { findStoredDefinitions } from "./stored-definitions.ts";

export interface ResourceRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly now: () => number;
  /** The built-in checks, as `describePlugins` lists them. */
  readonly describeCommands: () => Promise<readonly { readonly name: string }[]>;
}

const maximumBodyBytes = 32 * 1024 * 1024;

/** Ends a dry run: everything was tried for real and is rolled back. */
class DryRunEnded extends Error {}

/** Apply and export. An apply reaches over all hosts, so only unbound operators may. */
export function createResourceRoutes(dependencies: ResourceRoutesDependencies): Route[] {
  const { database, audit, changes, sealer, now, describeCommands } = dependencies;
  const { db, dialect } = database;

  async function record(tx: Executor, actor: Actor, { kind, action, name, before, after }: PlannedChange) {
    if (action === "unchanged") return;
    const resourceKind = titleOf(kind).replaceAll(" ", "-");
    const what = { resourceKind, resourceId: null, resourceName: name };
    await audit.record(tx, { actor, action: `${resourceKind}.${action}`, ...what, before, after });
  }

  async function apply(actor: Actor, scope: Scope, request: ApplyRequest) {
    const commands = new Set((await describeCommands()).map((command) => command.name));
    let planned: PlannedChange[] = [];
    let recipientChanges: RecipientChange[] = [];
    await database
      .transaction(async (tx) => {
        const stored = await findStoredDefinitions(tx, dialect, scope);
        const { items, issues: templateIssues } = expandTemplates(
          request.resources,
          templatesAmong(request.resources, stored.definitions),
        );
        const { definitions, issues: ownIssues } = parseDefinitions(items);
        const issues = [...templateIssues, ...ownIssues];
        planned = planChanges(stored.definitions, definitions, request.prune);
        refuseFaults([...issues, ...findReferenceFaults(planned, stored.definitions, commands)]);
        const isLook = request.dryRun && planned.some(({ action }) => action !== "unchanged");
        const before = isLook ? await readRecipientBoard(tx, dialect, now()) : null;
        await carryOut(tx, dialect, planned, stored, sealer, now());
        if (before !== null) recipientChanges = diffRecipients(before, await readRecipientBoard(tx, dialect, now()));
        await refuseCircles(tx, new Set(planned.filter(isWritten).map((change) => change.kind)));
        if (planned.some(isWrittenRule)) await refuseRuleCircles(tx, dialect);
        for (const change of planned) await record(tx, actor, change);
        if (request.dryRun) throw new DryRunEnded();
      })
      .catch((error: unknown) => {
        if (!(error instanceof DryRunEnded)) throw error;
      });
    return { planned, recipientChanges };
  }

  return [
    route({
      method: "post",
      path: "/api/v1/apply",
      summary: "Bring definitions in line with these: all or nothing; dryRun tries it and takes it back",
      access: forOperators,
      body: ApplyRequest,
      answer: ApplyAnswer,
      maximumBodyBytes,
      async handle({ actor, scope, body }) {
        if (scope.kind === "customer") {
          throw new NotAllowedError("definitions apply to all customers' hosts; ask the operator to apply them");
        }
        const { planned, recipientChanges } = await apply(actor, scope, body);
        if (!body.dryRun && planned.some((change) => change.action !== "unchanged"))
          changes.publish("definitions", null);
        return {
          dryRun: body.dryRun,
          changes: planned.map(({ kind, name, action, fields }) => ({ kind, name, action, fields })),
          recipientChanges,
        };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/export",
      summary: "All definitions, or those of one kind, as `apply` takes them",
      access: forViewers,
      query: z.object({ kind: z.enum(resourceKinds).optional() }),
      answer: ExportAnswer,
      async handle({ scope, query }) {
        const { definitions } = await findStoredDefinitions(db, dialect, scope);
        return { resources: definitions.filter(({ kind }) => query.kind === undefined || kind === query.kind) };
      },
    }),
  ];
}

/** The templates there will be: those stored, and those of the request in their place. */
function templatesAmong(items: readonly unknown[], stored: readonly ResourceDefinition[]) {
  const templates = new Map<string, Omit<TemplateInput, "name">>();
  for (const definition of [...stored, ...parseDefinitions(items).definitions]) {
    if (definition.kind === "Template") templates.set(definition.name, definition.spec);
  }
  return templates;
}

function isWritten({ action }: PlannedChange): boolean {
  return action === "create" || action === "update";
}

function isWrittenRule(change: PlannedChange): boolean {
  return isWritten(change) && change.after?.kind === "Check" && change.after.spec.command === businessRuleCommand;
}

/** Throws InputError that names every fault; nothing when there is none. */
export function refuseFaults(issues: NonNullable<InputError["issues"]>): void {
  if (issues.length === 0) return;
  const sentences = issues.map(({ field, value, message }) =>
    value === undefined ? `${field} ${message}` : `${field} is ${value}; ${message}`,
  );
  throw new InputError(
    `${issues.length} ${issues.length === 1 ? "fault" : "faults"}, nothing was changed:\n${sentences.join("\n")}`,
    issues,
  );
}
