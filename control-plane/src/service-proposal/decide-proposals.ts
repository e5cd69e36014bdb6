import { CheckInput } from "@mycloud/protocol/check";
import type { ProposalAnswer, ServiceProposal } from "@mycloud/protocol/service-proposal";
import type { AuditLog } from "../audit/index.ts";
import { createCheck, findCheck } from "../check/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, InputError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import type { Scope } from "../scope/index.ts";
import { findProposals, saveDecision } from "./store.ts";

export interface DecideDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
}

/** The check that watches a proposed thing: on its host and on no other. Pure. */
export function checkOf({ hostName, check }: ServiceProposal): CheckInput {
  const { serviceName, ...what } = check;
  const name = `${hostName} ${serviceName}`;
  return CheckInput.parse({
    // A name of 128 characters at most; two that are alike there are told from each other by the refusal of the second.
    name: name.slice(0, 128).trim(),
    serviceName,
    ...what,
    selector: { hosts: [hostName] },
    notes: "Found by service discovery.",
  });
}

/** Approves or rejects proposals one by one: one that cannot be decided keeps none of the others from it. */
export async function decideProposals(
  { database, audit, now }: DecideDependencies,
  operator: { readonly actor: Actor; readonly scope: Scope },
  ids: readonly number[],
  phase: "approved" | "rejected",
): Promise<ProposalAnswer> {
  const answer: ProposalAnswer = { done: [], refused: [] };
  for (const id of new Set(ids)) {
    try {
      // A transaction each, so that a check that cannot be made leaves nothing behind.
      const checkId = await database.transaction((tx) => decide(tx, id));
      answer.done.push({ id, checkId });
    } catch (error) {
      if (!(error instanceof ConflictError || error instanceof InputError)) throw error;
      answer.refused.push({ id, message: error.message });
    }
  }
  return answer;

  async function decide(tx: Executor, id: number): Promise<number | null> {
    const { actor, scope } = operator;
    const { dialect } = database;
    const [proposal] = await findProposals(tx, dialect, scope, [id], true);
    if (proposal === undefined) throw new ConflictError("there is no such proposal");
    if (proposal.phase === phase) return proposal.checkId;
    if (proposal.phase === "approved") throw new ConflictError("it was approved already; delete its check instead");
    let checkId: number | null = null;
    if (phase === "approved") {
      if (proposal.vanishedAtMs !== null) throw new ConflictError("it is not there any more");
      const parsed = checkOf(proposal);
      checkId = await createCheck(tx, dialect, parsed, now());
      const check = await findCheck(tx, scope, checkId);
      const resource = { resourceKind: "check", resourceId: check.id, resourceName: check.name };
      await audit.record(tx, { actor, action: "check.create", ...resource, after: check });
    }
    await saveDecision(tx, { id, phase, checkId, byName: actor.name }, now());
    await audit.record(tx, {
      actor,
      action: phase === "approved" ? "service-proposal.approve" : "service-proposal.reject",
      resourceKind: "service-proposal",
      resourceId: id,
      resourceName: `${proposal.hostName}/${proposal.check.serviceName}`.slice(0, 255),
      before: { phase: proposal.phase },
      after: { phase, checkId },
    });
    return checkId;
  }
}
