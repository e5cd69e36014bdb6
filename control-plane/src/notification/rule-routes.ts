import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { NotificationRule, NotificationRuleFilter, NotificationRuleInput } from "@mycloud/protocol/notification";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { refuseMissing } from "../definition/refuse-missing.ts";
import { NotAllowedError, NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { Scope } from "../scope/index.ts";
import { deleteRule, findRule, insertRule, listRules, updateRule } from "./rule-store.ts";

export interface RuleRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** Notification rules: who is told of which hosts and services in which states. */
export function createNotificationRuleRoutes({ database, audit, changes, now }: RuleRoutesDependencies): Route[] {
  const { db, dialect } = database;

  async function existing(executor: Executor, scope: Scope, id: number): Promise<NotificationRule> {
    const rule = await findRule(executor, dialect, scope, id);
    if (rule === null) throw new NotFoundError(`there is no notification rule ${id}`);
    return rule;
  }

  async function record(
    tx: Executor,
    actor: Actor,
    verb: string,
    before: NotificationRule | null,
    after: NotificationRule | null,
  ) {
    const rule = after ?? before;
    await audit.record(tx, {
      actor,
      action: `notification-rule.${verb}`,
      resourceKind: "notification-rule",
      resourceId: rule?.id ?? null,
      resourceName: rule?.name ?? null,
      before,
      after,
    });
  }

  return [
    route({
      method: "get",
      path: "/api/v1/notification-rules",
      summary: "List notification rules",
      access: forViewers,
      query: ListQuery,
      filter: NotificationRuleFilter,
      answer: listAnswer(NotificationRule),
      handle: ({ scope, query }) => listRules(db, dialect, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/notification-rules/:id",
      summary: "Show a notification rule",
      access: forViewers,
      params: IdParams,
      answer: NotificationRule,
      handle: ({ scope, params }) => existing(db, scope, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/notification-rules",
      summary: "Create a notification rule",
      access: forOperators,
      body: NotificationRuleInput,
      answer: NotificationRule,
      async handle({ actor, scope, body }) {
        refuseCustomers(scope);
        const created = await database.transaction(async (tx) => {
          await refuseMissing(tx, namedBy(body));
          const after = await existing(tx, scope, await insertRule(tx, dialect, body, now()));
          await record(tx, actor, "create", null, after);
          return after;
        });
        changes.publish("definitions", null);
        return created;
      },
    }),
    route({
      method: "put",
      path: "/api/v1/notification-rules/:id",
      summary: "Change a notification rule",
      access: forOperators,
      params: IdParams,
      body: NotificationRuleInput,
      answer: NotificationRule,
      async handle({ actor, scope, params: { id }, body }) {
        refuseCustomers(scope);
        const updated = await database.transaction(async (tx) => {
          const before = await existing(tx, scope, id);
          await refuseMissing(tx, namedBy(body));
          await updateRule(tx, dialect, id, body, now());
          const after = await existing(tx, scope, id);
          await record(tx, actor, "update", before, after);
          return after;
        });
        changes.publish("definitions", null);
        return updated;
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/notification-rules/:id",
      summary: "Delete a notification rule",
      access: forOperators,
      params: IdParams,
      answer: NotificationRule,
      async handle({ actor, scope, params: { id } }) {
        refuseCustomers(scope);
        const deleted = await database.transaction(async (tx) => {
          const before = await existing(tx, scope, id);
          await deleteRule(tx, id);
          await record(tx, actor, "delete", before, null);
          return before;
        });
        changes.publish("definitions", null);
        return deleted;
      },
    }),
  ];
}

function refuseCustomers(scope: Scope): void {
  if (scope.kind === "customer") {
    throw new NotAllowedError("notification rules cover hosts of every customer; ask the operator to change them");
  }
}

/** The rule as a definition, for what it names; its own contacts are ids, which the store refuses itself. */
function namedBy({ name, contactIds: _, ...spec }: NotificationRuleInput): ResourceDefinition {
  return { kind: "NotificationRule", name, spec: { ...spec, contacts: [] } };
}
