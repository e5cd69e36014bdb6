import { NotAllowedError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";

/** Throws NotAllowedError for somebody bound to a customer: an apply reaches over all hosts. */
export function refuseBoundApply(scope: Scope): void {
  if (scope.kind === "customer") {
    throw new NotAllowedError("definitions apply to all customers' hosts; ask the operator to apply them");
  }
}
