import type { Downtime, DowntimeInput } from "@mycloud/protocol/downtime";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, InputError, NotFoundError } from "../error/index.ts";
import { authorOf, type Operator, userIdOf } from "../operation/operator.ts";
import type { Scope } from "../scope/index.ts";
import { cancelDowntime, findDowntime, findOpenDowntimes, insertDowntime } from "./store.ts";

export interface DowntimeDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** What can be done with downtimes; each call is one transaction with its audit. They are not edited: what was announced stays on record. */
export interface Downtimes {
  /** Throws InputError when it would be over already. `authorName` replaces the operator's own name. */
  plan(operator: Operator, input: DowntimeInput, authorName?: string): Promise<Downtime>;
  /** Throws NotFoundError, or ConflictError when it is over or cancelled already. */
  cancel(operator: Operator, id: number): Promise<Downtime>;
  /** Cancels the pending and active ones that are named; answers how many. */
  cancelNamed(operator: Operator, which: NamedDowntimes): Promise<number>;
}

/** Downtimes by what they are of, as Nagios' commands name them; each key given leaves fewer. */
export interface NamedDowntimes {
  /** Those of exactly one of these hosts, or of services on it. */
  readonly hosts?: readonly string[];
  /** Those of exactly this group as well as of its hosts. */
  readonly group?: string;
  /** Those of this service; null: of hosts themselves. */
  readonly service?: string | null;
  readonly startAtMs?: number;
  readonly comment?: string;
}

/** Whether a downtime is one of those named. One of services by pattern is not a service's own. Pure. */
export function isNamed({ selector, startAtMs, comment }: Downtime, which: NamedDowntimes): boolean {
  const { hosts = [], groups = [], labels, services } = selector;
  const isOfHost = hosts.length === 1 && groups.length === 0 && which.hosts?.includes(hosts[0] ?? "") === true;
  const isOfGroup = groups.length === 1 && hosts.length === 0 && which.group !== undefined && groups[0] === which.group;
  if (which.hosts !== undefined && (labels !== undefined || !(isOfHost || isOfGroup))) return false;
  if (which.service === null && services?.length !== 0) return false;
  if (typeof which.service === "string" && !(services?.length === 1 && services[0] === which.service)) return false;
  if (which.startAtMs !== undefined && startAtMs !== which.startAtMs) return false;
  return which.comment === undefined || comment === which.comment;
}

export function createDowntimes({ database, audit, changes, now }: DowntimeDependencies): Downtimes {
  async function existing(executor: Executor, scope: Scope, id: number): Promise<Downtime> {
    const downtime = await findDowntime(executor, scope, id, now());
    if (downtime === null) throw new NotFoundError(`there is no downtime ${id}`);
    return downtime;
  }

  async function cancelIn(tx: Executor, { actor, scope }: Operator, id: number): Promise<Downtime> {
    const before = await existing(tx, scope, id);
    if (!(await cancelDowntime(tx, id, now()))) {
      throw new ConflictError(`downtime ${id} is ${before.phase}; only a pending or active one can be cancelled`);
    }
    const after = await existing(tx, scope, id);
    const record = { actor, resourceKind: "downtime", resourceId: id, resourceName: before.comment };
    await audit.record(tx, { ...record, action: "downtime.cancel", before, after });
    return after;
  }

  return {
    async plan(operator, input, authorName) {
      const { actor, scope } = operator;
      if (input.endAtMs <= now()) {
        throw new InputError("endAtMs has passed already", [
          { field: "endAtMs", value: String(input.endAtMs), message: "has passed already" },
        ]);
      }
      const downtime = await database.transaction(async (tx) => {
        const customer = scope.kind === "customer" ? scope.customer : null;
        if (input.triggeredById !== null) await existing(tx, scope, input.triggeredById);
        const by = { authorName: authorOf(operator, authorName), customer, userId: userIdOf(operator) };
        const id = await insertDowntime(tx, input, by, now());
        const after = await existing(tx, scope, id);
        const record = { actor, resourceKind: "downtime", resourceId: id, resourceName: after.comment };
        await audit.record(tx, { ...record, action: "downtime.create", after });
        return after;
      });
      changes.publish("definitions", null);
      return downtime;
    },

    async cancel(operator, id) {
      const downtime = await database.transaction((tx) => cancelIn(tx, operator, id));
      changes.publish("definitions", null);
      return downtime;
    },

    async cancelNamed(operator, which) {
      const count = await database.transaction(async (tx) => {
        const open = await findOpenDowntimes(tx, operator.scope, now());
        const named = open.filter((downtime) => isNamed(downtime, which));
        for (const { id } of named) await cancelIn(tx, operator, id);
        return named.length;
      });
      if (count > 0) changes.publish("definitions", null);
      return count;
    },
  };
}
