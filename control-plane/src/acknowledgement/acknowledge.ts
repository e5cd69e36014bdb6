import type { AcknowledgementInput, BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";
import type { AnnounceAcknowledgements } from "../notification/announce-acknowledgements.ts";
import { authorOf, type Operator, userIdOf } from "../operation/operator.ts";
import type { Scope } from "../scope/index.ts";
import { refuseAcknowledging, refuseRemoving } from "./may-acknowledge.ts";
import { type LockedObject, lockHosts, lockServices, putAcknowledgement, removeAcknowledgement } from "./store.ts";

export interface AcknowledgementDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly announce: AnnounceAcknowledgements;
  readonly now: () => number;
}

/** Hosts and services by id, each on its own: one that recovered meanwhile does not stop the others. */
export interface Objects {
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
}

/** What can be done with acknowledgements; each call is one transaction with its audit, told to the rest of the program after it. */
export interface Acknowledgements {
  /** Acknowledges problems; what is no problem is refused, one by one. `authorName` replaces the operator's own name. */
  acknowledge(operator: Operator, input: AcknowledgementInput, authorName?: string): Promise<BulkAnswer>;
  /** Takes acknowledgements back; problems nobody was told of are told then. */
  remove(operator: Operator, objects: Objects): Promise<BulkAnswer>;
}

export function createAcknowledgements(dependencies: AcknowledgementDependencies): Acknowledgements {
  const { database, audit, changes, announce, now } = dependencies;
  const { dialect } = database;

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

  return {
    async acknowledge(operator, input, authorName) {
      const { comment, isSticky, isNotified, isUntilWorse, expiresAtMs, isPersistent } = input;
      if (expiresAtMs !== null && expiresAtMs <= now()) {
        throw new InputError("expiresAtMs has passed already", [
          { field: "expiresAtMs", value: String(expiresAtMs), message: "has passed already" },
        ]);
      }
      const terms = { comment, isSticky, isUntilWorse, expiresAtMs, isPersistent };
      const author = authorOf(operator, authorName);
      const answer = await database.transaction(async (tx) => {
        const nowMs = now();
        const acknowledged: LockedObject[] = [];
        const bulk = await eachObject(tx, operator.scope, input, refuseAcknowledging, async (object) => {
          const by = { authorName: author, userId: userIdOf(operator) };
          const id = await putAcknowledgement(tx, object, { ...by, ...terms }, nowMs);
          await audit.record(tx, {
            actor: operator.actor,
            action: "acknowledgement.create",
            resourceKind: "acknowledgement",
            resourceId: id,
            resourceName: nameOf(object),
            after: { ...terms, isNotified, problemId: object.problemId },
          });
          acknowledged.push(object);
        });
        if (isNotified) await announce(tx, acknowledged, { authorName: author, comment }, nowMs);
        return bulk;
      });
      publish(answer);
      return answer;
    },

    async remove({ actor, scope }, objects) {
      const answer = await database.transaction((tx) =>
        eachObject(tx, scope, objects, refuseRemoving, async (object) => {
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
  };
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
