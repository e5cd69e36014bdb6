import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { InputError, NotAllowedError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import type { PasswordHasher } from "../password/index.ts";
import type { LoginThrottle } from "../session/index.ts";

/** The id of the person who asks. Throws NotAllowedError for tokens. */
export function ownIdOf(actor: Actor): number {
  if (actor.kind !== "user" || actor.id === null) throw new NotAllowedError("a token has no account; sign in");
  return Number(actor.id);
}

interface ConfirmDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly throttle: LoginThrottle;
}

/** Throws InputError unless it is the password of who asks; tries are counted as at sign-in. */
export async function confirmPassword(
  { database, passwords, throttle }: ConfirmDependencies,
  actor: Actor,
  currentPassword: string,
): Promise<void> {
  const id = ownIdOf(actor);
  await throttle.countTry(actor.name, actor.address);
  const user = await database.db.selectFrom("user").select("password_hash").where("id", "=", id).executeTakeFirst();
  if (!(await passwords.verify(currentPassword, user?.password_hash ?? null))) {
    throw new InputError("the current password is wrong", [{ field: "currentPassword", message: "is wrong" }]);
  }
  await throttle.forgive(actor.name, actor.address);
}

/** What audit entries about one's own account name. */
export function ownResource(actor: Actor) {
  return { actor, resourceKind: "user", resourceId: actor.id, resourceName: actor.name };
}
