import type { User } from "@mycloud/protocol/user";
import { ConflictError, NotAllowedError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";

type Standing = Pick<User, "role" | "isDisabled" | "customer">;

/** Can manage the installation: an enabled administrator who is not bound to a customer. */
export function isAdministrator({ role, isDisabled, customer }: Standing): boolean {
  return role === "admin" && !isDisabled && customer === null;
}

/** Throws ConflictError when a change (null = removal) would leave nobody who can manage the installation. */
export function refuseLosingLastAdministrator(
  before: Standing,
  after: Standing | null,
  otherAdministrators: number,
): void {
  if (!isAdministrator(before) || otherAdministrators > 0) return;
  if (after === null || !isAdministrator(after)) {
    throw new ConflictError(
      "this is the last administrator; give another user the role admin before you remove, disable, demote or bind this one to a customer",
    );
  }
}

/** Throws NotAllowedError when somebody bound to a customer writes a user of nobody's or of another customer. */
export function refuseOtherCustomer(scope: Scope, customer: string | null): void {
  if (scope.kind === "customer" && customer !== scope.customer) {
    throw new NotAllowedError(`you may only manage users of customer ${scope.customer}`);
  }
}
