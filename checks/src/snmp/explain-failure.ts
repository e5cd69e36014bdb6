import { explainNetworkError } from "../connection/explain-network-error.ts";
import { SnmpError } from "./snmp-error.ts";
import type { SnmpTarget } from "./snmp-target.ts";
import { placeOf } from "./snmp-target.ts";

/** What a device answers instead of values, in words (RFC 3416 §3, error-status). */
const statusInWords: Readonly<Record<number, string>> = {
  1: "its answer would be too big for a message, even for one object",
  2: "it has no such object",
  5: "it failed for a reason of its own (genErr)",
  6: "it does not let this community or user read that (noAccess)",
  13: "it lacks resources (resourceUnavailable)",
  16: "it does not let this community or user read that (authorizationError)",
};
const notAllowed = new Set([6, 16]);

/** What net-snmp's error means, as an error that names device and object and says what was expected. Pure. */
export function explainFailure(error: unknown, target: SnmpTarget, oid: string | undefined): SnmpError {
  if (error instanceof SnmpError) return error;
  const place = placeOf(target);
  const fail = (failure: SnmpError["failure"], reason: string) => new SnmpError(failure, place, oid, reason, error);
  if (!(error instanceof Error)) return fail("bad-answer", String(error));
  const { message } = error;
  if (error.name === "RequestTimedOutError") return fail("time-out", timeOutReason(target));
  const status = "status" in error && typeof error.status === "number" ? error.status : undefined;
  if (error.name === "RequestFailedError" && status !== undefined) {
    return fail(
      notAllowed.has(status) ? "not-allowed" : "device-error",
      statusInWords[status] ?? `it answered error ${status}`,
    );
  }
  if (error.name !== "ResponseInvalidError") {
    return "code" in error ? fail("unreachable", explainNetworkError(error)) : fail("bad-answer", message);
  }
  const { username, authProtocol, privProtocol } = target.security;
  const user = `user "${username ?? ""}"`;
  if (/digest/i.test(message)) {
    return fail("wrong-key", `wrong key for signing: expected the one that ${user} has there for ${authProtocol}`);
  }
  if (/decrypt/i.test(message)) {
    return fail("wrong-key", `wrong key for encryption: expected the one that ${user} has there for ${privProtocol}`);
  }
  if (/unknown user/i.test(message)) return fail("unknown-user", `it knows no ${user}`);
  if (/security level/i.test(message)) {
    const offered = authProtocol === null ? "not signed" : privProtocol === null ? "signed only" : "encrypted";
    return fail("security-level", `it does not answer ${user} when messages are ${offered}`);
  }
  if (/time window|engine id|unexpected report/i.test(message)) {
    return fail("engine", "its clock or engine identifier keeps changing, or somebody repeats old messages");
  }
  return fail("bad-answer", message);
}

function timeOutReason({ timeoutMs, retries, security }: SnmpTarget): string {
  const attempts = retries === 0 ? "" : ` after ${retries + 1} attempts`;
  const wrong =
    security.version === "3"
      ? "or another user, context or key for encryption than it expects"
      : "or another version or community than it expects";
  return `no answer within ${timeoutMs / 1000} s${attempts}; the device is away, filtered, on another port, ${wrong}`;
}
