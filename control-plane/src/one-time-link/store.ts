import { LinkKind } from "@mycloud/protocol/registration";
import { Role } from "@mycloud/protocol/user";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { OneTimeLinkTable } from "../database/schema.ts";
import { AuthenticationError } from "../error/index.ts";
import { hashSecret, newSecret } from "../session/secret.ts";

const keptMs = 90 * 86_400_000;

/** What using a link gives, and to whom. */
export interface LinkGrant {
  readonly kind: LinkKind;
  readonly email: string;
  readonly userId: number | null;
  readonly customer: string | null;
  readonly role: Role | null;
  readonly title: string | null;
}

export interface StoredLink extends LinkGrant {
  readonly id: number;
  readonly createdByName: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

interface NewLink extends LinkGrant {
  readonly createdByName: string;
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

/** Answers the id and the secret, which is in no table. */
export async function insertLink(
  tx: Executor,
  link: NewLink,
): Promise<{ readonly id: number; readonly secret: string }> {
  const secret = newSecret();
  const inserted = await tx
    .insertInto("one_time_link")
    .values({
      kind: link.kind,
      secret_hash: hashSecret(secret),
      email: link.email,
      user_id: link.userId,
      customer: link.customer,
      role: link.role,
      title: link.title,
      created_by_name: link.createdByName.slice(0, 255),
      created_at_ms: link.nowMs,
      expires_at_ms: link.nowMs + link.lifetimeMs,
      used_at_ms: null,
      revoked_at_ms: null,
    })
    .executeTakeFirstOrThrow();
  return { id: Number(inserted.insertId), secret };
}

/** The page of the console that a link opens. The secret is behind the #, which browsers send to nobody. Pure. */
export function linkPath(kind: LinkKind, secret: string): string {
  return `/#/link/${kind}/${secret}`;
}

/** Throws AuthenticationError with the reason for a link that is unknown, used, revoked or expired, or of another kind when one is wanted. */
export async function findLink(
  executor: Executor,
  secret: string,
  kind: LinkKind | null,
  nowMs: number,
): Promise<StoredLink> {
  const row = await executor
    .selectFrom("one_time_link")
    .selectAll()
    // Looked up by its hash: how long a comparison takes tells nothing of the secret.
    .where("secret_hash", "=", hashSecret(secret))
    .executeTakeFirst();
  return usable(row, kind, nowMs);
}

/** Uses a link up; run it in the transaction of what it gives. Of two who use it at once, one gets AuthenticationError. */
export async function claimLink(
  tx: Executor,
  dialect: Dialect,
  secret: string,
  kind: LinkKind,
  nowMs: number,
): Promise<StoredLink> {
  const row = await tx
    .selectFrom("one_time_link")
    .selectAll()
    .where("secret_hash", "=", hashSecret(secret))
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  const link = usable(row, kind, nowMs);
  await tx.updateTable("one_time_link").set({ used_at_ms: nowMs }).where("id", "=", link.id).execute();
  return link;
}

/** Makes older links of a kind worthless: for an address, or for a user. */
export async function revokeLinks(
  tx: Executor,
  kind: LinkKind,
  whose: { readonly email: string } | { readonly userId: number },
  nowMs: number,
): Promise<void> {
  const links = tx
    .updateTable("one_time_link")
    .set({ revoked_at_ms: nowMs })
    .where("kind", "=", kind)
    .where("used_at_ms", "is", null)
    .where("revoked_at_ms", "is", null);
  await ("email" in whose
    ? links.where("email", "=", whose.email)
    : links.where("user_id", "=", whose.userId)
  ).execute();
}

/** Removes links that were over 90 days ago; until then the list of invitations shows them. */
export async function deleteOldLinks(executor: Executor, nowMs: number): Promise<void> {
  await executor
    .deleteFrom("one_time_link")
    .where("expires_at_ms", "<", nowMs - keptMs)
    .execute();
}

function usable(row: Selectable<OneTimeLinkTable> | undefined, kind: LinkKind | null, nowMs: number): StoredLink {
  if (row === undefined || (kind !== null && row.kind !== kind)) {
    throw new AuthenticationError("this link is not one of ours; copy the whole of it from the mail");
  }
  if (row.used_at_ms !== null) throw new AuthenticationError("this link has been used already");
  if (row.revoked_at_ms !== null)
    throw new AuthenticationError("this link does not count any more; look for a newer mail");
  if (row.expires_at_ms <= nowMs) throw new AuthenticationError("this link has expired; ask for a new one");
  return {
    id: row.id,
    kind: LinkKind.parse(row.kind),
    email: row.email,
    userId: row.user_id,
    customer: row.customer,
    role: row.role === null ? null : Role.parse(row.role),
    title: row.title,
    createdByName: row.created_by_name,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
