import { Check, CheckFilter, CheckInput, CheckPreview, CheckPreviewRequest } from "@mycloud/protocol/check";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import { z } from "zod";
import { changeLarge, underWay } from "../apply/change-large.ts";
import type { Applies } from "../apply/index.ts";
import type { AuditLog } from "../audit/index.ts";
import { refuseRuleFault } from "../business-rule/command.ts";
import { refuseRuleCircles } from "../business-rule/refuse-rule-circles.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { refuseMissing } from "../definition/refuse-missing.ts";
import { InputError, NotAllowedError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Reply, type Route, type RouteInput, route } from "../http/route.ts";
import { refuseLogCheckFault } from "../log-check/command.ts";
import { businessRuleCommand } from "../monitored/index.ts";
import { createPace } from "../schedule/index.ts";
import type { Scope } from "../scope/index.ts";
import { previewCheck } from "./preview-check.ts";
import { reachesMany } from "./reaches-many.ts";
import { createCheck, deleteCheck, findCheck, findCheckId, listChecks, updateCheck } from "./store.ts";

export interface CheckRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
  /** Takes over what is too much for one transaction. */
  readonly applies: Applies;
  /** The built-in checks, as `describePlugins` lists them. */
  readonly describeCommands: () => Promise<readonly { readonly name: string }[]>;
}

/** Check definitions, and the commands they can run. They reach over all hosts, so only unbound operators write them. */
export function createCheckRoutes(dependencies: CheckRoutesDependencies): Route[] {
  const { database, audit, changes, now, describeCommands, applies } = dependencies;
  const { db, dialect } = database;

  async function record(tx: Executor, actor: Actor, verb: string, before: Check | null, after: Check | null) {
    const check = after ?? before;
    await audit.record(tx, {
      actor,
      action: `check.${verb}`,
      resourceKind: "check",
      resourceId: check?.id ?? null,
      resourceName: check?.name ?? null,
      before,
      after,
    });
  }

  async function refuseUnknownCommand(input: CheckInput): Promise<void> {
    const names = (await describeCommands()).map((command) => command.name);
    if (names.includes(input.command)) {
      refuseRuleFault(input.command, input.arguments);
      refuseLogCheckFault(input.command, input.arguments);
      return;
    }
    throw new InputError(
      `there is no check command "${input.command}"; use one of: ${names.join(", ")} (external runs any Nagios plugin)`,
      [{ field: "command", value: input.command, message: "is no check command" }],
    );
  }

  /** In slices; answers the check as it is by then, with 202 while its services still change. */
  async function writeLarge(
    { actor, scope, signal }: Pick<RouteInput<unknown, unknown, unknown>, "actor" | "scope" | "signal">,
    id: number | null,
    body: CheckInput,
  ): Promise<Check | Reply> {
    const definition = definitionOf(body);
    await refuseMissing(db, definition);
    const outcome = await changeLarge(applies, { actor, signal, edit: { kind: "Check", id, definition } });
    const check = await findCheck(db, scope, id ?? (await findCheckId(db, body.name)));
    return outcome === "carried-out" ? check : underWay(check);
  }

  return [
    route({
      method: "get",
      path: "/api/v1/checks",
      summary: "List check definitions",
      access: forViewers,
      query: ListQuery,
      filter: CheckFilter,
      answer: listAnswer(Check),
      handle: ({ scope, query }) => listChecks(db, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/check-commands",
      summary: "The built-in checks with their options and examples",
      access: forViewers,
      answer: z.object({ data: z.array(z.unknown()), total: z.number().int() }),
      async handle() {
        const data = await describeCommands();
        return { data, total: data.length };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/checks/:id",
      summary: "Show a check definition",
      access: forViewers,
      params: IdParams,
      answer: Check,
      handle: ({ scope, params }) => findCheck(db, scope, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/checks/preview",
      summary: "Which hosts a selector matches, and which services would appear or vanish",
      access: forViewers,
      body: CheckPreviewRequest,
      answer: CheckPreview,
      handle: ({ scope, body }) => previewCheck(database, scope, body, createPace()),
    }),
    route({
      method: "post",
      path: "/api/v1/checks",
      summary: "Create a check; matching hosts get its service",
      access: forOperators,
      body: CheckInput,
      answer: Check,
      async handle({ actor, scope, body, signal }) {
        refuseBound(scope);
        await refuseUnknownCommand(body);
        if (await reachesMany(db, null, body)) return await writeLarge({ actor, scope, signal }, null, body);
        const created = await database.transaction(async (tx) => {
          await refuseMissing(tx, definitionOf(body));
          const after = await findCheck(tx, scope, await createCheck(tx, dialect, body, now()));
          if (body.command === businessRuleCommand) await refuseRuleCircles(tx, dialect);
          await record(tx, actor, "create", null, after);
          return after;
        });
        changes.publish("definitions", null);
        return created;
      },
    }),
    route({
      method: "put",
      path: "/api/v1/checks/:id",
      summary: "Change a check; services appear, are renamed and vanish accordingly",
      access: forOperators,
      params: IdParams,
      body: CheckInput,
      answer: Check,
      async handle({ actor, scope, params: { id }, body, signal }) {
        refuseBound(scope);
        await refuseUnknownCommand(body);
        const present = await findCheck(db, scope, id);
        if (await reachesMany(db, present, body)) return await writeLarge({ actor, scope, signal }, id, body);
        const updated = await database.transaction(async (tx) => {
          const before = await findCheck(tx, scope, id);
          await refuseMissing(tx, definitionOf(body));
          await updateCheck(tx, dialect, id, body, now());
          if (body.command === businessRuleCommand) await refuseRuleCircles(tx, dialect);
          const after = await findCheck(tx, scope, id);
          await record(tx, actor, "update", before, after);
          return after;
        });
        changes.publish("definitions", null);
        return updated;
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/checks/:id",
      summary: "Delete a check with its services and their history",
      access: forOperators,
      params: IdParams,
      answer: Check,
      async handle({ actor, scope, params: { id }, signal }) {
        refuseBound(scope);
        const present = await findCheck(db, scope, id);
        if (await reachesMany(db, present, null)) {
          const outcome = await changeLarge(applies, { actor, signal, edit: { kind: "Check", id, definition: null } });
          return outcome === "carried-out" ? present : underWay(present);
        }
        const deleted = await database.transaction(async (tx) => {
          const before = await findCheck(tx, scope, id);
          await deleteCheck(tx, dialect, id, now());
          await record(tx, actor, "delete", before, null);
          return before;
        });
        changes.publish("definitions", null);
        return deleted;
      },
    }),
  ];
}

function definitionOf({ name, ...spec }: CheckInput): ResourceDefinition {
  return { kind: "Check", name, spec };
}

function refuseBound(scope: Scope): void {
  if (scope.kind === "all") return;
  throw new NotAllowedError(
    `checks apply to all customers' hosts; somebody bound to ${scope.customer} may not write them`,
  );
}
