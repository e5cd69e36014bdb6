import type { SecondStep } from "@mycloud/protocol/session";
import type { Transaction } from "kysely";
import type { AccountMails } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import type { Database } from "../database/schema.ts";
import { NotAllowedError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import type { Sealer } from "../sealing/index.ts";
import { createSetup, totpSettingsOf } from "../totp/index.ts";
import { insertChallenge } from "./challenge-store.ts";
import { isNewDevice } from "./device.ts";
import { deleteSession, insertSession, type OpenedSession } from "./store.ts";

export interface SignInDependencies {
  readonly audit: AuditLog;
  readonly sealer: Sealer;
  readonly mails: AccountMails;
  readonly now: () => number;
}

/** From where and with what somebody signs in. */
export interface Circumstances {
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The session the browser came with: it ends, so that nobody who knew it shares the new one. */
  readonly formerSecret: string | null;
}

export interface SigningIn {
  readonly id: number;
  readonly email: string;
  readonly customer: string | null;
}

export type SignedIn =
  | { readonly kind: "session"; readonly session: OpenedSession }
  | { readonly kind: "second-step"; readonly step: SecondStep };

/** Somebody whose role does not matter, as audit entries name them. */
export function userActor(user: SigningIn, address: string | null): Actor {
  const { id, email, customer } = user;
  return { kind: "user", id: String(id), name: email, role: null, scopes: [], customer, hostId: null, address };
}

/**
 * After the password: opens a session, or asks for the second step where there is one or the organisation wants one. Throws NotAllowedError when
 * the organisation is suspended.
 */
export async function continueSignIn(
  tx: Transaction<Database>,
  deps: SignInDependencies,
  user: SigningIn,
  circumstances: Circumstances,
): Promise<SignedIn> {
  const organisation = await tx
    .selectFrom("customer")
    .select("suspended_at_ms")
    .where("name", "=", user.customer)
    .executeTakeFirst();
  if (organisation !== undefined && organisation.suspended_at_ms !== null) {
    throw new NotAllowedError("your organisation is suspended; ask those who run this installation");
  }
  const { isEnabled, isRequired } = await totpSettingsOf(tx, user.id);
  if (!isEnabled && !isRequired) return { kind: "session", session: await openSession(tx, deps, user, circumstances) };
  const setup = isEnabled ? null : await createSetup(tx, deps.sealer, user);
  const { challenge, expiresAtMs } = await insertChallenge(tx, user.id, deps.now());
  return {
    kind: "second-step",
    step: { secondStep: isEnabled ? "totp" : "totp-setup", challenge, expiresAtMs, setup },
  };
}

/** Opens a session, and tells of it when it is from a new device or place. */
export async function openSession(
  tx: Transaction<Database>,
  { audit, mails, now }: SignInDependencies,
  user: SigningIn,
  { address, userAgent, formerSecret }: Circumstances,
): Promise<OpenedSession> {
  const nowMs = now();
  if (formerSecret !== null) await deleteSession(tx, formerSecret);
  await tx.updateTable("user").set({ last_login_at_ms: nowMs }).where("id", "=", user.id).execute();
  const session = await insertSession(tx, { userId: user.id, address, userAgent, nowMs });
  const actor = userActor(user, address);
  const resource = { resourceKind: "session", resourceId: null, resourceName: user.email };
  await audit.record(tx, { actor, action: "session.login", ...resource });
  if (await isNewDevice(tx, user.id, { address, userAgent }, nowMs)) {
    await mails.toUser(tx, user.id, {
      subject: "New sign-in to your account",
      paragraphs: [
        "Somebody signed in to your account from a device or place that you had not used before.",
        "If it was you, there is nothing to do. If not: change your password, and end the session in your account.",
      ],
      details: [
        ["When", { atMs: nowMs }],
        ["From", address ?? "unknown"],
        ["With", (userAgent ?? "unknown").slice(0, 255)],
      ],
      action: { text: "Look at your sessions", path: "/#/account/sessions" },
      kind: "new-login",
    });
  }
  return session;
}
