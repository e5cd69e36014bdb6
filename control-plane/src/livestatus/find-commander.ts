import { isRoleAtLeast, Role } from "@mycloud/protocol/user";
import type { Executor } from "../database/dialect/dialect.ts";
import type { CommandingOperator } from "../external-command/index.ts";
import { type Actor, scopeOf } from "../http/actor.ts";

/**
 * The user that commands over Livestatus are given as, as they are at this moment; null when there is none of that e-mail address or it is
 * disabled, and then nothing is done. What the user may not do in the console is refused here as well.
 */
export async function findCommander(executor: Executor, email: string): Promise<CommandingOperator | null> {
  const user = await executor
    .selectFrom("user")
    .select(["id", "name", "role", "customer"])
    .where("email", "=", email)
    .where("is_disabled", "=", 0)
    .executeTakeFirst();
  const role = Role.safeParse(user?.role).data;
  if (user === undefined || role === undefined) return null;
  const actor: Actor = {
    kind: "user",
    id: String(user.id),
    name: user.name,
    role,
    scopes: [],
    customer: user.customer,
    hostId: null,
    address: null,
  };
  return { actor, scope: scopeOf(actor), mayOperate: isRoleAtLeast(role, "operator") };
}

/**
 * Somebody (`asked`) for whom the peer that may command as `peer` asks: it may do what both may. Null when they are of different customers. Pure.
 */
export function onBehalfOf(peer: CommandingOperator, asked: CommandingOperator): CommandingOperator | null {
  const [own, theirs] = [peer.scope, asked.scope];
  if (own.kind === "customer" && theirs.kind === "customer" && own.customer !== theirs.customer) return null;
  return {
    actor: asked.actor,
    scope: own.kind === "customer" ? own : theirs,
    mayOperate: peer.mayOperate && asked.mayOperate,
  };
}
