import type { User } from "@mycloud/protocol/user";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";

type Standing = Pick<User, "role" | "isDisabled" | "customer">;

/** Whether somebody owns the organisation. Pure. */
export function isOwnerOf(customer: string, standing: Standing | null): boolean {
  return standing !== null && standing.role === "admin" && !standing.isDisabled && standing.customer === customer;
}

/**
 * Throws ConflictError when a change (null = removal) would leave members without an owner. The last member may go: an empty organisation needs
 * none. Run it in the transaction of the change; the other members' rows stay locked, so that two changes at once do not each count the other.
 */
export async function refuseLosingLastOwner(
  tx: Executor,
  dialect: Dialect,
  id: number,
  before: Standing,
  after: Standing | null,
): Promise<void> {
  const { customer } = before;
  if (customer === null || !isOwnerOf(customer, before) || isOwnerOf(customer, after)) return;
  const members = await tx
    .selectFrom("user")
    .select(["id", "role", "is_disabled"])
    .where("customer", "=", customer)
    .orderBy("id")
    .modifyEnd(dialect.forUpdate)
    .execute();
  const others = members.filter((member) => member.id !== id);
  const isEmptied = others.length === 0 && (after === null || after.customer !== customer);
  if (isEmptied || others.some((member) => member.role === "admin" && member.is_disabled === 0)) return;
  throw new ConflictError(
    `this is the last owner of ${customer}; give another member the role admin before you remove, disable or demote this one`,
  );
}
