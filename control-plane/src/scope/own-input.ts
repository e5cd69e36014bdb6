import { NotAllowedError } from "../error/index.ts";
import type { Scope } from "./scope.ts";

/**
 * What somebody bound to a customer writes is that customer's. Throws NotAllowedError when it names another; `what` is the plural of what is
 * written.
 */
export function ownInput<Input extends { readonly customer: string | null }>(
  scope: Scope,
  input: Input,
  what: string,
): Input {
  if (scope.kind === "all") return input;
  if (input.customer !== null && input.customer !== scope.customer) {
    throw new NotAllowedError(`you may only manage ${what} of customer ${scope.customer}`);
  }
  return { ...input, customer: scope.customer };
}
