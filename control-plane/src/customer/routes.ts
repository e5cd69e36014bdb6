import {
  Customer,
  CustomerFilter,
  CustomerInput,
  CustomerUpdate,
  Organisation,
  OrganisationUpdate,
} from "@mycloud/protocol/customer";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forAdmins, forStaffAdmins, forStaffViewers, forViewers, type Route, route } from "../http/route.ts";
import type { Scope } from "../scope/index.ts";
import {
  deleteCustomer,
  endSessionsWithoutSecondStep,
  findCustomer,
  findCustomerByName,
  findOrganisation,
  insertCustomer,
  listCustomers,
  updateCustomer,
} from "./store.ts";

export interface CustomerRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Makes a suspension count at once for tokens, in this process. */
  readonly forgetTokens: () => void;
}

async function existingCustomer(executor: Executor, id: number): Promise<Customer> {
  const customer = await findCustomer(executor, id);
  if (customer === null) throw new NotFoundError(`there is no customer ${id}`);
  return customer;
}

async function ownCustomer(executor: Executor, scope: Scope): Promise<Customer> {
  const customer = scope.kind === "all" ? null : await findCustomerByName(executor, scope.customer);
  if (customer === null) throw new NotFoundError("you belong to no organisation");
  return customer;
}

/** Organisations: all of them for those who run the installation, one's own for members. */
export function createCustomerRoutes(deps: CustomerRoutesDependencies): Route[] {
  const { database, audit, now } = deps;
  const { db, dialect } = database;

  /** Writes a change and its audit entry, and ends sessions that a new rule about second steps no longer allows. */
  async function change(
    tx: Executor,
    actor: Actor,
    before: Customer,
    changes: CustomerUpdate | OrganisationUpdate,
  ): Promise<Customer> {
    await updateCustomer(tx, before, changes, now());
    const after = await existingCustomer(tx, before.id);
    if (after.isTotpRequired && !before.isTotpRequired) await endSessionsWithoutSecondStep(tx, after.name);
    const resource = { resourceKind: "customer", resourceId: after.id, resourceName: after.name };
    await audit.record(tx, { actor, action: "customer.update", ...resource, before, after });
    return after;
  }

  return [
    route({
      method: "get",
      path: "/api/v1/customers",
      summary: "List customers",
      access: forStaffViewers,
      query: ListQuery,
      filter: CustomerFilter,
      answer: listAnswer(Customer),
      handle: ({ query }) => listCustomers(db, query),
    }),
    route({
      method: "get",
      path: "/api/v1/customers/:id",
      summary: "Show a customer",
      access: forStaffViewers,
      params: IdParams,
      answer: Customer,
      handle: ({ params }) => existingCustomer(db, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/customers",
      summary: "Create a customer; then invite its first owner",
      access: forStaffAdmins,
      body: CustomerInput,
      answer: Customer,
      handle: async ({ actor, body }) =>
        await database.transaction(async (tx) => {
          const id = await insertCustomer(tx, dialect, body, now());
          const after = await existingCustomer(tx, id);
          const resource = { resourceKind: "customer", resourceId: id, resourceName: after.name };
          await audit.record(tx, { actor, action: "customer.create", ...resource, after });
          return after;
        }),
    }),
    route({
      method: "put",
      path: "/api/v1/customers/:id",
      summary: "Change a customer, or suspend it: its people and tokens are refused; fields left out stay",
      access: forStaffAdmins,
      params: IdParams,
      body: CustomerUpdate,
      answer: Customer,
      handle: async ({ actor, params, body }) => {
        const after = await database.transaction(async (tx) =>
          change(tx, actor, await existingCustomer(tx, params.id), body),
        );
        deps.forgetTokens();
        return after;
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/customers/:id",
      summary: "Delete a customer that has neither people nor hosts",
      access: forStaffAdmins,
      params: IdParams,
      answer: Customer,
      handle: async ({ actor, params }) =>
        await database.transaction(async (tx) => {
          const before = await existingCustomer(tx, params.id);
          if (before.memberCount > 0 || before.hostCount > 0) {
            throw new ConflictError(
              `${before.name} has ${before.memberCount} people and ${before.hostCount} hosts; remove those first, or suspend it`,
            );
          }
          await deleteCustomer(tx, before.id);
          const resource = { resourceKind: "customer", resourceId: before.id, resourceName: before.name };
          await audit.record(tx, { actor, action: "customer.delete", ...resource, before });
          return before;
        }),
    }),
    route({
      method: "get",
      path: "/api/v1/organisation",
      summary: "Show one's own organisation",
      access: forViewers,
      answer: Organisation,
      handle: async ({ scope }) => await findOrganisation(db, (await ownCustomer(db, scope)).name),
    }),
    route({
      method: "put",
      path: "/api/v1/organisation",
      summary: "Change one's own organisation, for its owners; fields left out stay",
      access: forAdmins,
      body: OrganisationUpdate,
      answer: Organisation,
      handle: async ({ actor, scope, body }) =>
        await database.transaction(async (tx) => {
          const { name } = await change(tx, actor, await ownCustomer(tx, scope), body);
          return await findOrganisation(tx, name);
        }),
    }),
  ];
}
