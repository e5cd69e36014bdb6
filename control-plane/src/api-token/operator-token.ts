import type { TokenScope } from "@mycloud/protocol/api-token";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import { apiTokenPrefix } from "../http/authenticate.ts";
import { newSecret } from "../session/index.ts";
import { findValidToken, insertApiToken } from "./store.ts";

const scopes: readonly TokenScope[] = ["read", "write", "admin", "ingest", "ingest:register"];

interface EnsureOperatorTokenOptions {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** What `<stateDir>/operator-token` holds at present. */
  readonly present: string | null;
  readonly machineName: string;
}

/** The token for commands on this machine: the present one while it is valid with all its scopes, else a new one. */
export async function ensureOperatorToken(options: EnsureOperatorTokenOptions): Promise<string> {
  const { database, audit, now, present, machineName } = options;
  const known = present === null ? null : await findValidToken(database.db, present, now());
  if (present !== null && known !== null && scopes.every((scope) => known.scopes.includes(scope))) return present;
  const token = `${apiTokenPrefix}${newSecret()}`;
  const name = `operator on ${machineName}`.slice(0, 128);
  await database.transaction(async (tx) => {
    const id = await insertApiToken(tx, {
      name,
      token,
      scopes,
      customer: null,
      userId: null,
      expiresAtMs: null,
      nowMs: now(),
    });
    const record = { actor: systemActor, resourceKind: "api-token", resourceId: id, resourceName: name };
    await audit.record(tx, { ...record, action: "api-token.create", after: { name, scopes } });
  });
  return token;
}
