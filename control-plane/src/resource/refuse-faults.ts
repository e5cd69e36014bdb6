import { InputError } from "../error/index.ts";

/** Throws InputError that names every fault; nothing when there is none. */
export function refuseFaults(issues: NonNullable<InputError["issues"]>): void {
  if (issues.length === 0) return;
  const sentences = issues.map(({ field, value, message }) =>
    value === undefined ? `${field} ${message}` : `${field} is ${value}; ${message}`,
  );
  throw new InputError(
    `${issues.length} ${issues.length === 1 ? "fault" : "faults"}, nothing was changed:\n${sentences.join("\n")}`,
    issues,
  );
}
