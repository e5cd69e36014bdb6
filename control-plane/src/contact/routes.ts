import { Contact, ContactFilter, ContactInput } from "@mycloud/protocol/contact";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { refuseMissing } from "../definition/refuse-missing.ts";
import { NotAllowedError, NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { ownInput, type Scope } from "../scope/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { deleteContact, findContact, insertContact, listContacts, updateContact } from "./store.ts";

export interface ContactRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly now: () => number;
}

/** Contacts, read by everybody and written by operators; a customer's operators see and write that customer's. */
export function createContactRoutes({ database, audit, changes, sealer, now }: ContactRoutesDependencies): Route[] {
  const { db, dialect } = database;

  async function existing(executor: Executor, scope: Scope, id: number): Promise<Contact> {
    const contact = await findContact(executor, scope, id);
    if (contact === null) throw new NotFoundError(`there is no contact ${id}`);
    return contact;
  }

  async function record(tx: Executor, actor: Actor, verb: string, before: Contact | null, after: Contact | null) {
    const contact = after ?? before;
    await audit.record(tx, {
      actor,
      action: `contact.${verb}`,
      resourceKind: "contact",
      resourceId: contact?.id ?? null,
      resourceName: contact?.name ?? null,
      before,
      after,
    });
  }

  return [
    route({
      method: "get",
      path: "/api/v1/contacts",
      summary: "List contacts",
      access: forViewers,
      query: ListQuery,
      filter: ContactFilter,
      answer: listAnswer(Contact),
      handle: ({ scope, query }) => listContacts(db, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/contacts/:id",
      summary: "Show a contact",
      access: forViewers,
      params: IdParams,
      answer: Contact,
      handle: ({ scope, params }) => existing(db, scope, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/contacts",
      summary: "Create a contact",
      access: forOperators,
      body: ContactInput,
      answer: Contact,
      async handle({ actor, scope, body }) {
        const input = ownContact(scope, body);
        const created = await database.transaction(async (tx) => {
          await refuseMissing(tx, namedBy(input));
          const after = await existing(tx, scope, await insertContact(tx, dialect, sealer, input, now()));
          await record(tx, actor, "create", null, after);
          return after;
        });
        changes.publish("definitions", null);
        return created;
      },
    }),
    route({
      method: "put",
      path: "/api/v1/contacts/:id",
      summary: "Change a contact",
      access: forOperators,
      params: IdParams,
      body: ContactInput,
      answer: Contact,
      async handle({ actor, scope, params: { id }, body }) {
        const input = ownContact(scope, body);
        const updated = await database.transaction(async (tx) => {
          const before = await existing(tx, scope, id);
          await refuseMissing(tx, namedBy(input));
          await updateContact(tx, dialect, sealer, id, input, now());
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
      path: "/api/v1/contacts/:id",
      summary: "Delete a contact; rules forget it, what it was sent stays on record",
      access: forOperators,
      params: IdParams,
      answer: Contact,
      async handle({ actor, scope, params: { id } }) {
        const deleted = await database.transaction(async (tx) => {
          const before = await existing(tx, scope, id);
          await deleteContact(tx, id);
          await record(tx, actor, "delete", before, null);
          return before;
        });
        changes.publish("definitions", null);
        return deleted;
      },
    }),
  ];
}

/**
 * Channels that reach into the operator's own network and programs are the operator's to set: whoever is bound to a customer may have mails and
 * webhooks.
 */
function ownContact(scope: Scope, body: ContactInput): ContactInput {
  const input = ownInput(scope, body, "contacts");
  const refused = input.channels.find(({ type }) => type !== "email" && type !== "webhook");
  if (scope.kind === "customer" && refused !== undefined) {
    throw new NotAllowedError(`channel ${refused.type} is set by the operator; email and webhook may be set here`);
  }
  return input;
}

function namedBy({ name, userId: _, ...spec }: ContactInput): ResourceDefinition {
  return { kind: "Contact", name, spec };
}
