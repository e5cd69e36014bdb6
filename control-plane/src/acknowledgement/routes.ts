import {
  Acknowledgement,
  AcknowledgementFilter,
  AcknowledgementInput,
  BulkAnswer,
} from "@mycloud/protocol/acknowledgement";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { AnnounceAcknowledgements } from "../notification/announce-acknowledgements.ts";
import type { Scope } from "../scope/index.ts";
import { refuseAcknowledging, refuseRemoving } from "./may-acknowledge.ts";
import {
  type LockedObject,
  listAcknowledgements,
  lockHosts,
  lockServices,
  putAcknowledgement,
  removeAcknowledgement,
} from "./store.ts";

export interface AcknowledgementRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly announce: AnnounceAcknowledgements;
  readonly now: () => number;
}

/** Whose acknowledgements are taken back. */
const RemovalInput = z
  .object({
    serviceIds: z.array(z.number().int()).max(1000).default([]),
    hostIds: z.array(z.number().int()).max(1000).default([]),
  })
  .refine((input) => input.serviceIds.length + input.hostIds.length > 0, {
    path: ["serviceIds"],
    message: "no host and no service given",
  });

interface Objects {
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
}

/** Acknowledge problems, many at once: each on its own, so that one that recovered meanwhile does not stop the others. */
export function createAcknowledgementRoutes(dependencies: AcknowledgementRoutesDependencies): Route[] {
  const { database, audit, changes, announce, now } = dependencies;
  const { db, dialect } = database;

  async function eachObject(
    tx: Executor,
    scope: Scope,
    { hostIds, serviceIds }: Objects,
    refuse: (name: string, object: LockedObject & { isAcknowledged: boolean }) => string | null,
    act: (object: LockedObject) => Promise<void>,
  ): Promise<BulkAnswer> {
    const objects = [
      ...(await lockHosts(tx, dialect, scope, hostIds)),
      ...(await lockServices(tx, dialect, scope, serviceIds)),
    ];
    const answer: BulkAnswer = { done: [], refused: missing(objects, { hostIds, serviceIds }) };
    for (const object of objects) {
      const ids =
        object.serviceId === null
          ? { hostId: object.hostId, serviceId: null }
          : { hostId: null, serviceId: object.serviceId };
      const message = refuse(nameOf(object), { ...object, isAcknowledged: object.acknowledgementId !== null });
      if (message !== null) {
        answer.refused.push({ ...ids, message });
        continue;
      }
      await act(object);
      answer.done.push(ids);
    }
    return answer;
  }

  function publish({ done }: BulkAnswer): void {
    if (done.length === 0) return;
    const hostIds = done.flatMap(({ hostId }) => hostId ?? []);
    const serviceIds = done.flatMap(({ serviceId }) => serviceId ?? []);
    if (hostIds.length > 0) changes.publish("hosts", hostIds);
    if (serviceIds.length > 0) changes.publish("services", serviceIds);
    changes.publish("overview", null);
    changes.publish("notifications", null);
  }

  return [
    route({
      method: "get",
      path: "/api/v1/acknowledgements",
      summary: "List acknowledgements, also ended ones",
      access: forViewers,
      query: ListQuery,
      filter: AcknowledgementFilter,
      answer: listAnswer(Acknowledgement),
      handle: ({ scope, query }) => listAcknowledgements(db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/acknowledgements",
      summary: "Acknowledge problems of hosts and services; what is no problem is refused, one by one",
      access: forOperators,
      body: AcknowledgementInput,
      answer: BulkAnswer,
      async handle({ actor, scope, body }) {
        const { comment, isSticky, isNotified } = body;
        const answer = await database.transaction(async (tx) => {
          const nowMs = now();
          const acknowledged: LockedObject[] = [];
          const bulk = await eachObject(tx, scope, body, refuseAcknowledging, async (object) => {
            const id = await putAcknowledgement(tx, object, { authorName: actor.name, comment, isSticky }, nowMs);
            const after = { comment, isSticky, isNotified, problemId: object.problemId };
            const record = { actor, resourceKind: "acknowledgement", resourceId: id, resourceName: nameOf(object) };
            await audit.record(tx, { ...record, action: "acknowledgement.create", after });
            acknowledged.push(object);
          });
          if (isNotified) await announce(tx, acknowledged, { authorName: actor.name, comment }, nowMs);
          return bulk;
        });
        publish(answer);
        return answer;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/acknowledgements/remove",
      summary: "Take acknowledgements back; problems nobody was told of are told then",
      access: forOperators,
      body: RemovalInput,
      answer: BulkAnswer,
      async handle({ actor, scope, body }) {
        const answer = await database.transaction((tx) =>
          eachObject(tx, scope, body, refuseRemoving, async (object) => {
            await removeAcknowledgement(tx, object, now());
            await audit.record(tx, {
              actor,
              action: "acknowledgement.remove",
              resourceKind: "acknowledgement",
              resourceId: object.acknowledgementId,
              resourceName: nameOf(object),
            });
          }),
        );
        publish(answer);
        return answer;
      },
    }),
  ];
}

function nameOf({ hostName, serviceName }: LockedObject): string {
  return serviceName === null ? hostName : `${hostName}/${serviceName}`;
}

function missing(found: readonly LockedObject[], { hostIds, serviceIds }: Objects): BulkAnswer["refused"] {
  const hosts = new Set(found.filter((object) => object.serviceId === null).map((object) => object.hostId));
  const services = new Set(found.map((object) => object.serviceId));
  return [
    ...[...new Set(hostIds)]
      .filter((id) => !hosts.has(id))
      .map((id) => ({ hostId: id, serviceId: null, message: `there is no host ${id}` })),
    ...[...new Set(serviceIds)]
      .filter((id) => !services.has(id))
      .map((id) => ({ hostId: null, serviceId: id, message: `there is no service ${id}` })),
  ];
}
