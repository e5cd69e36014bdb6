import type { SecondStepRequest } from "@mycloud/protocol/session";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError } from "../error/index.ts";
import { confirmTotp, takeCode, totpSettingsOf } from "../totp/index.ts";
import { countChallengeTry, deleteChallengesOfUser, findChallenge } from "./challenge-store.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import { type Circumstances, openSession, type SignInDependencies, userActor } from "./sign-in.ts";
import type { OpenedSession } from "./store.ts";

export interface SecondStepDependencies extends SignInDependencies {
  readonly database: ConnectedDatabase;
  readonly throttle: LoginThrottle;
}

/**
 * Opens the session for a challenge and a code. Throws AuthenticationError for a wrong code (five end the challenge) and a challenge that is over,
 * TooManyRequestsError while the account's codes or the address are blocked.
 */
export async function takeSecondStep(
  deps: SecondStepDependencies,
  { challenge, code }: SecondStepRequest,
  circumstances: Circumstances,
): Promise<{ session: OpenedSession; recoveryCodes: string[] | null }> {
  const { database, throttle, sealer, audit, now } = deps;
  const { dialect } = database;
  const user = await findChallenge(database.db, challenge, now());
  const over = () => new AuthenticationError("signing in took too long, or too many codes were wrong; start again");
  if (user === null) throw over();
  const account = `second step of ${user.email}`;
  await throttle.countTry(account, circumstances.address);
  if (!(await database.transaction((tx) => countChallengeTry(tx, dialect, challenge)))) throw over();
  const opened = await database.transaction(async (tx) => {
    const actor = userActor(user, circumstances.address);
    const resource = { resourceKind: "user", resourceId: user.id, resourceName: user.email };
    const { isEnabled } = await totpSettingsOf(tx, user.id);
    let recoveryCodes: string[] | null = null;
    if (isEnabled) {
      const used = await takeCode(tx, dialect, sealer, user.id, code, now());
      if (used === null) return null;
      if (used === "recovery-code") await audit.record(tx, { actor, action: "user.use-recovery-code", ...resource });
    } else {
      recoveryCodes = await confirmTotp(tx, dialect, sealer, user.id, code, now());
      if (recoveryCodes === null) return null;
      await audit.record(tx, { actor, action: "user.enable-second-step", ...resource });
    }
    await deleteChallengesOfUser(tx, user.id);
    return { session: await openSession(tx, deps, user, circumstances), recoveryCodes };
  });
  if (opened === null) throw new AuthenticationError("this code is wrong, or was used already; wait for the next one");
  await throttle.forgive(account, circumstances.address);
  return opened;
}
