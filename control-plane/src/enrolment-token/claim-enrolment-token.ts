import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { AuthenticationError } from "../error/index.ts";
import { hashSecret } from "../session/index.ts";

/** What a valid token grants. */
export interface ClaimedToken {
  readonly id: number;
  readonly hostName: string | null;
  readonly customer: string | null;
  readonly labels: Labels;
  readonly groups: readonly string[];
  readonly createdByName: string;
}

/**
 * Uses a token up. Run it in the transaction that makes the agent: the row is locked, so that a racing claim waits and then finds the token
 * used. Throws AuthenticationError, saying why, for a token that is unknown, used, revoked or expired.
 */
export async function claimEnrolmentToken(
  tx: Executor,
  dialect: Dialect,
  token: string,
  nowMs: number,
): Promise<ClaimedToken> {
  const row = await tx
    .selectFrom("enrolment_token")
    .selectAll()
    .where("token_hash", "=", hashSecret(token))
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  if (row === undefined)
    throw new AuthenticationError("this enrolment token is unknown; copy it again, or create a new one");
  if (row.used_at_ms !== null)
    throw new AuthenticationError("this enrolment token has been used already; create a new one");
  if (row.revoked_at_ms !== null) throw new AuthenticationError("this enrolment token was revoked; create a new one");
  if (row.expires_at_ms <= nowMs) throw new AuthenticationError("this enrolment token has expired; create a new one");
  const claimed = await tx
    .updateTable("enrolment_token")
    .set({ used_at_ms: nowMs })
    .where("id", "=", row.id)
    .where("used_at_ms", "is", null)
    .executeTakeFirst();
  if (claimed.numUpdatedRows !== 1n) throw new AuthenticationError("this enrolment token has been used already");
  return {
    id: row.id,
    hostName: row.host_name,
    customer: row.customer,
    labels: Labels.parse(JSON.parse(row.labels_json)),
    groups: z.array(z.string()).parse(JSON.parse(row.groups_json)),
    createdByName: row.created_by_name,
  };
}
