import type { LoginRequest } from "@mycloud/protocol/session";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError } from "../error/index.ts";
import type { PasswordHasher } from "../password/index.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import { type Circumstances, continueSignIn, type SignedIn, type SignInDependencies } from "./sign-in.ts";

export interface LogInDependencies extends SignInDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly throttle: LoginThrottle;
}

/**
 * Opens a session for an e-mail address and its password, or asks for the second step. Throws AuthenticationError, the same and after the same time for an unknown
 * address, a wrong password and a disabled user; TooManyRequestsError while account or address are blocked.
 */
export async function logIn(
  deps: LogInDependencies,
  request: LoginRequest,
  circumstances: Circumstances,
): Promise<SignedIn> {
  const { database, passwords, throttle } = deps;
  const { address } = circumstances;
  const email = request.email.trim().toLowerCase();
  await throttle.countTry(email, address);
  const user = await database.db.selectFrom("user").selectAll().where("email", "=", email).executeTakeFirst();
  const isRight = await passwords.verify(request.password, user?.password_hash ?? null);
  if (user === undefined || !isRight || user.is_disabled === 1) {
    throw new AuthenticationError("e-mail address or password is wrong");
  }
  await throttle.forgive(email, address);
  return await database.transaction((tx) => continueSignIn(tx, deps, user, circumstances));
}
