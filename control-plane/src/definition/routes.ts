import {
  type Stored,
  StoredFilter,
  type StoredKind,
  storedFields,
  storedKinds,
  TemplateInput,
} from "@mycloud/protocol/definition";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { ResourceDefinition } from "@mycloud/protocol/resource";
import { changeLarge, underWay } from "../apply/change-large.ts";
import type { Applies } from "../apply/index.ts";
import { isLarge } from "../apply/is-large.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forStaffOperators, forStaffViewers, type Route, route } from "../http/route.ts";
import { refuseUsed } from "../resource/find-users.ts";
import { reexpandUsers } from "../resource/reexpand-users.ts";
import type { Sealer } from "../sealing/index.ts";
import { refuseCircles } from "./refuse-circles.ts";
import { refuseMissing } from "./refuse-missing.ts";
import { deleteDefinition, findDefinition, listDefinitions, saveDefinition } from "./store.ts";

export interface DefinitionRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  /** Takes over what is too much for one transaction. */
  readonly applies: Applies;
  readonly now: () => number;
}

/** List, show, create, change and delete for every stored kind. They say what all hosts do, so only those bound to no customer may. */
export function createDefinitionRoutes(dependencies: DefinitionRoutesDependencies): Route[] {
  return Object.keys(storedKinds).flatMap((kind) => routesOf(kind as StoredKind, dependencies));
}

function routesOf(
  kind: StoredKind,
  { database, audit, changes, sealer, applies, now }: DefinitionRoutesDependencies,
): Route[] {
  const { path, title, input } = storedKinds[kind];
  const { db, dialect } = database;
  const answer = input.extend(storedFields);

  async function existing(executor: Executor, id: number): Promise<Stored<StoredKind>> {
    const found = await findDefinition(executor, kind, id);
    if (found === null) throw new NotFoundError(`there is no ${title} ${id}`);
    return found;
  }

  type Definition = Stored<StoredKind>;
  async function record(tx: Executor, actor: Actor, verb: string, before: Definition | null, after: Definition | null) {
    const resourceKind = title.replaceAll(" ", "-");
    const { id: resourceId = null, name: resourceName = null } = after ?? before ?? {};
    await audit.record(tx, {
      actor,
      action: `${resourceKind}.${verb}`,
      resourceKind,
      resourceId,
      resourceName,
      before,
      after,
    });
  }

  /** Carries a change out in one transaction and tells everybody. */
  async function change(work: (tx: Executor) => Promise<Definition>): Promise<Definition> {
    const changed = await database.transaction(work);
    changes.publish("definitions", null);
    return changed;
  }

  return [
    route({
      method: "get",
      path: `/api/v1/${path}`,
      summary: `List ${path.replaceAll("-", " ")}`,
      access: forStaffViewers,
      query: ListQuery,
      filter: StoredFilter,
      answer: listAnswer(answer),
      handle: ({ query }) => listDefinitions(db, kind, query),
    }),
    route({
      method: "get",
      path: `/api/v1/${path}/:id`,
      summary: `Show one of the ${path.replaceAll("-", " ")}`,
      access: forStaffViewers,
      params: IdParams,
      answer,
      handle: ({ params }) => existing(db, params.id),
    }),
    route({
      method: "post",
      path: `/api/v1/${path}`,
      summary: `Create a ${title}`,
      access: forStaffOperators,
      body: input,
      answer,
      handle: ({ actor, body }) =>
        change(async (tx) => {
          await refuseMissing(tx, definitionOf(kind, body));
          const after = await existing(tx, await saveDefinition(tx, dialect, sealer, kind, null, body, now()));
          await refuseCircles(tx, new Set([kind]));
          await record(tx, actor, "create", null, after);
          return after;
        }),
    }),
    route({
      method: "put",
      path: `/api/v1/${path}/:id`,
      summary: `Change a ${title}`,
      access: forStaffOperators,
      params: IdParams,
      body: input,
      answer,
      handle: async ({ actor, params: { id }, body, signal }) => {
        const present = await existing(db, id);
        const resources = [definitionOf(kind, body)];
        // What uses a template changes with it; under another name it is used by nobody.
        if (kind === "Template" && body.name === present.name && (await isLarge(db, { resources, prune: [] }))) {
          const outcome = await changeLarge(applies, { actor, signal, resources });
          const after = await existing(db, id);
          return outcome === "carried-out" ? after : underWay(after);
        }
        return await change(async (tx) => {
          const before = await existing(tx, id);
          await refuseMissing(tx, definitionOf(kind, body));
          // Whoever names it would name nothing.
          if (body.name !== before.name) await refuseUsed(tx, dialect, kind, before.name, "renamed");
          if (kind === "Template" && body.name === before.name)
            await reexpandUsers(tx, actor, TemplateInput.parse(body), { dialect, sealer, audit, now });
          await saveDefinition(tx, dialect, sealer, kind, id, body, now());
          await refuseCircles(tx, new Set([kind]));
          const after = await existing(tx, id);
          await record(tx, actor, "update", before, after);
          return after;
        });
      },
    }),
    route({
      method: "delete",
      path: `/api/v1/${path}/:id`,
      summary: `Delete a ${title}; refused while a definition names it`,
      access: forStaffOperators,
      params: IdParams,
      answer,
      handle: ({ actor, params: { id } }) =>
        change(async (tx) => {
          const before = await existing(tx, id);
          await refuseUsed(tx, dialect, kind, before.name, "deleted");
          await deleteDefinition(tx, id);
          await record(tx, actor, "delete", before, null);
          return before;
        }),
    }),
  ];
}

function definitionOf(kind: StoredKind, { name, ...spec }: { readonly name: string }): ResourceDefinition {
  return ResourceDefinition.parse({ kind, name, spec });
}
