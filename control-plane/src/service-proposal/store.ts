import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import {
  DiscoveredKind,
  ProposalPhase,
  ProposedCheck,
  type ServiceProposal,
  ServiceProposalFilter,
} from "@mycloud/protocol/service-proposal";
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { ServiceProposalTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList } from "../monitored/id-list.ts";
import type { Scope } from "../scope/index.ts";
import type { HostNames, WatchingService } from "./is-covered.ts";
import type { KnownProposal, ProposalPlan } from "./plan-proposals.ts";

type ProposalRow = Selectable<ServiceProposalTable> & { host_name: string };

function proposalsIn(executor: Executor, scope: Scope) {
  const rows = executor.selectFrom("service_proposal").innerJoin("host", "host.id", "service_proposal.host_id");
  return scope.kind === "all" ? rows : rows.where("host.customer", "=", scope.customer);
}

/** One page of the proposals within scope. */
export async function listProposals(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<ServiceProposal>> {
  return await readList({
    query,
    filterSchema: ServiceProposalFilter,
    from: proposalsIn(executor, scope),
    select: (rows) => rows.selectAll("service_proposal").select("host.name as host_name"),
    sortable: {
      id: "service_proposal.id",
      hostName: "host.name",
      kind: "service_proposal.kind",
      title: "service_proposal.title",
      firstSeenAtMs: "service_proposal.first_seen_at_ms",
      lastSeenAtMs: "service_proposal.last_seen_at_ms",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "service_proposal.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "service_proposal.id", id),
      q: (eb, words) => hasWords(eb, ["service_proposal.title", "host.name"], words),
      hostId: (eb, hostId) => eb("service_proposal.host_id", "=", hostId),
      hostName: (eb, name) => eb("host.name", "=", name),
      kind: (eb, kind) => isOneOf(eb, "service_proposal.kind", kind),
      phase: (eb, phase) => isOneOf(eb, "service_proposal.phase", phase),
      isVanished: (eb, isVanished) => eb("service_proposal.vanished_at_ms", isVanished ? "is not" : "is", null),
    },
    toItem: (row: ProposalRow) => toProposal(row),
  });
}

/** The proposals of these ids within scope; locked, when asked to, until the transaction ends. */
export async function findProposals(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  ids: readonly number[],
  isLocking = false,
): Promise<ServiceProposal[]> {
  let query = proposalsIn(executor, scope)
    .selectAll("service_proposal")
    .select("host.name as host_name")
    .where(sql<boolean>`service_proposal.id in ${idList(dialect, ids)}`)
    .orderBy("service_proposal.id");
  if (isLocking) query = query.modifyEnd(dialect.forUpdate);
  return (await query.execute()).map(toProposal);
}

/** A host with its services and what was found on it before; undefined when it is gone. Locks the host's row: one report at a time. */
export async function findWatchedHost(
  tx: Executor,
  dialect: Dialect,
  hostId: number,
): Promise<{ host: HostNames; services: WatchingService[]; known: KnownProposal[] } | undefined> {
  const host = await tx
    .selectFrom("host")
    .select(["name", "address"])
    .where("id", "=", hostId)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  if (host === undefined) return undefined;
  const services = await tx
    .selectFrom("service")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.name", "command", "arguments_json"])
    .where("service.host_id", "=", hostId)
    .execute();
  const known = await tx.selectFrom("service_proposal").selectAll().where("host_id", "=", hostId).execute();
  return {
    host,
    services: services.map(({ name, command, arguments_json: json }) => ({
      name,
      command,
      arguments: z.array(z.string()).parse(JSON.parse(json ?? "[]")),
    })),
    known: known.map((row) => ({
      id: row.id,
      kind: row.kind,
      key: row.thing_key,
      phase: ProposalPhase.parse(row.phase),
      vanishedAtMs: row.vanished_at_ms,
    })),
  };
}

/** Carries a plan out. */
export async function savePlan(
  tx: Executor,
  dialect: Dialect,
  hostId: number,
  { create, seen, vanish, remove }: ProposalPlan,
  nowMs: number,
): Promise<void> {
  await dialect.insertMany(
    tx,
    "service_proposal",
    ["host_id", "kind", "thing_key", "title", "check_json", "phase", "first_seen_at_ms", "last_seen_at_ms"],
    create.map(({ kind, key, title, check }) => {
      return [hostId, kind, key, title, JSON.stringify(check), "proposed", nowMs, nowMs];
    }),
  );
  for (const { id, thing, phase } of seen) {
    await tx
      .updateTable("service_proposal")
      .set({
        title: thing.title,
        check_json: JSON.stringify(thing.check),
        phase,
        last_seen_at_ms: nowMs,
        vanished_at_ms: null,
      })
      .where("id", "=", id)
      .execute();
  }
  if (vanish.length > 0) {
    await tx
      .updateTable("service_proposal")
      .set({ vanished_at_ms: nowMs })
      .where(sql<boolean>`id in ${idList(dialect, vanish)}`)
      .execute();
  }
  if (remove.length > 0) {
    await tx
      .deleteFrom("service_proposal")
      .where(sql<boolean>`id in ${idList(dialect, remove)}`)
      .execute();
  }
}

/** How many things of a host wait for a decision, and how many are gone. */
export async function countProposals(
  executor: Executor,
  hostId: number,
): Promise<{ readonly proposed: number; readonly vanished: number }> {
  const rows = await executor
    .selectFrom("service_proposal")
    .select(["phase", "vanished_at_ms"])
    .where("host_id", "=", hostId)
    .execute();
  return {
    proposed: rows.filter((row) => row.phase === "proposed" && row.vanished_at_ms === null).length,
    vanished: rows.filter((row) => row.vanished_at_ms !== null).length,
  };
}

/** Keeps what somebody decided. */
export async function saveDecision(
  tx: Executor,
  decision: {
    readonly id: number;
    readonly phase: ProposalPhase;
    readonly checkId: number | null;
    readonly byName: string;
  },
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable("service_proposal")
    .set({
      phase: decision.phase,
      check_id: decision.checkId,
      decided_by_name: decision.byName.slice(0, 255),
      decided_at_ms: nowMs,
    })
    .where("id", "=", decision.id)
    .execute();
}

function toProposal(row: ProposalRow): ServiceProposal {
  return {
    id: row.id,
    hostId: row.host_id,
    hostName: row.host_name,
    kind: DiscoveredKind.parse(row.kind),
    key: row.thing_key,
    title: row.title,
    check: ProposedCheck.parse(JSON.parse(row.check_json)),
    phase: ProposalPhase.parse(row.phase),
    firstSeenAtMs: row.first_seen_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    vanishedAtMs: row.vanished_at_ms,
    decidedByName: row.decided_by_name,
    decidedAtMs: row.decided_at_ms,
    checkId: row.check_id,
  };
}
