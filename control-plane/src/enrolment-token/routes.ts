import {
  EnrolmentToken,
  EnrolmentTokenCreated,
  EnrolmentTokenFilter,
  EnrolmentTokenInput,
} from "@mycloud/protocol/enrolment-token";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, NotAllowedError, NotFoundError } from "../error/index.ts";
import { type Actor, scopeOf } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, Reply, type Route, route } from "../http/route.ts";
import { newSecret } from "../session/index.ts";
import { findEnrolmentToken, insertEnrolmentToken, listEnrolmentTokens, revokeEnrolmentToken } from "./store.ts";

export interface EnrolmentTokenRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
  /** Where agents reach the control plane, as far as known; null = as the request did. */
  readonly publicUrl: string | null;
}

/** Tells an enrolment token from other secrets, to people and to secret scanners. */
const tokenPrefix = "mce_";

/** Enrolment tokens: created, listed, revoked. */
export function createEnrolmentTokenRoutes(deps: EnrolmentTokenRoutesDependencies): Route[] {
  const { database, audit, changes, now } = deps;

  async function revoke(id: number, actor: Actor): Promise<EnrolmentToken> {
    const scope = scopeOf(actor);
    await database.transaction(async (tx) => {
      const token = await findEnrolmentToken(tx, scope, id, now());
      if (token === undefined) throw new NotFoundError(`there is no enrolment token ${id}`);
      if (token.phase === "used") {
        throw new ConflictError(
          `the token was used by ${token.usedByHostName ?? "a host"}; revoke that host's agent instead`,
        );
      }
      if (!(await revokeEnrolmentToken(tx, id, now()))) return;
      const resource = { resourceKind: "enrolment-token", resourceId: id, resourceName: token.hostName };
      await audit.record(tx, { actor, action: "enrolment-token.revoke", ...resource, before: token });
    });
    changes.publish("enrolments", [id]);
    const revoked = await findEnrolmentToken(database.db, scope, id, now());
    if (revoked === undefined) throw new NotFoundError(`there is no enrolment token ${id}`);
    return revoked;
  }

  return [
    route({
      method: "get",
      path: "/api/v1/enrolment-tokens",
      summary: "List enrolment tokens, newest first",
      access: forOperators,
      query: ListQuery,
      filter: EnrolmentTokenFilter,
      answer: listAnswer(EnrolmentToken),
      handle: ({ query, scope }) => listEnrolmentTokens(database.db, scope, query, now()),
    }),
    route({
      method: "get",
      path: "/api/v1/enrolment-tokens/:id",
      summary: "Show an enrolment token",
      access: forOperators,
      params: IdParams,
      answer: EnrolmentToken,
      handle: async ({ params, scope }) => {
        const token = await findEnrolmentToken(database.db, scope, params.id, now());
        if (token === undefined) throw new NotFoundError(`there is no enrolment token ${params.id}`);
        return token;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/enrolment-tokens",
      summary: "Create a one-time enrolment token; the answer shows it this once",
      access: forOperators,
      body: EnrolmentTokenInput,
      answer: EnrolmentTokenCreated,
      handle: async ({ body, actor, scope, request }) => {
        const input = withinCustomer(body, actor);
        const token = `${tokenPrefix}${newSecret()}`;
        const id = await database.transaction(async (tx) => {
          const inserted = await insertEnrolmentToken(tx, { ...input, token, createdByName: actor.name }, now());
          const resource = { resourceKind: "enrolment-token", resourceId: inserted, resourceName: input.hostName };
          await audit.record(tx, { actor, action: "enrolment-token.create", ...resource, after: input });
          return inserted;
        });
        changes.publish("enrolments", [id]);
        const created = await findEnrolmentToken(database.db, scope, id, now());
        if (created === undefined) throw new NotFoundError(`there is no enrolment token ${id}`);
        const serverUrl = deps.publicUrl ?? `${request.protocol}://${request.get("host") ?? request.hostname}`;
        return new Reply(201, { ...created, token, command: enrolCommand(serverUrl, token, input.hostName) });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/enrolment-tokens/:id/revoke",
      summary: "Revoke an enrolment token that nobody has used",
      access: forOperators,
      params: IdParams,
      answer: EnrolmentToken,
      handle: ({ params, actor }) => revoke(params.id, actor),
    }),
    route({
      method: "delete",
      path: "/api/v1/enrolment-tokens/:id",
      summary: "Revoke an enrolment token that nobody has used",
      access: forOperators,
      params: IdParams,
      answer: EnrolmentToken,
      handle: ({ params, actor }) => revoke(params.id, actor),
    }),
  ];
}

/** What to type on the host. The host name is given where the token asks for it: the host's own may be another. */
function enrolCommand(serverUrl: string, token: string, hostName: string | null): string {
  // The scheme and host come from a request header: only what an address is made of may reach a person's shell.
  const url = serverUrl.replace(/[^A-Za-z0-9:/._[\]-]/g, "").replace(/\/+$/, "");
  const name = hostName === null ? "" : ` --host-name ${/^[\w.-]+$/.test(hostName) ? hostName : shellQuoted(hostName)}`;
  return `mycloud agent enrol --server ${url} --token ${token}${name}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function withinCustomer(input: EnrolmentTokenInput, actor: Actor): EnrolmentTokenInput {
  if (actor.customer === null) return input;
  if (input.customer !== null && input.customer !== actor.customer) {
    throw new NotAllowedError(`the customer is ${input.customer}; yours is ${actor.customer}`);
  }
  return { ...input, customer: actor.customer };
}
