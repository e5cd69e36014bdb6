const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection reset by the other side"],
  ["EPIPE", "connection closed by the other side"],
  ["EHOSTUNREACH", "no route to host"],
  ["ENETUNREACH", "network is unreachable"],
  ["ETIMEDOUT", "connection timed out"],
  ["EADDRNOTAVAIL", "address not available"],
  ["EACCES", "permission denied"],
  ["ENOENT", "no such socket"],
  ["ENOTFOUND", "name does not exist"],
  ["EAI_AGAIN", "name could not be looked up (no answer from the name server)"],
  ["EAI_NODATA", "name has no address"],
  ["EPROTO", "TLS handshake failed"],
  ["HPE_INVALID_CONSTANT", "invalid HTTP response"],
]);

/** Says in words why a connection failed: `connection refused`, `name does not exist: www.exampel.org`. */
export function explainNetworkError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return explainNetworkError(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const reason = REASONS.get(code);
  if (reason !== undefined) {
    const name = "hostname" in error && typeof error.hostname === "string" ? `: ${error.hostname}` : "";
    return code.startsWith("EAI") || code === "ENOTFOUND" ? reason + name : reason;
  }
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS")) return `TLS handshake failed: ${sslReason(error)}`;
  if (code.startsWith("HPE_")) return `invalid HTTP response (${error.message.replace(/^Parse Error: /, "")})`;
  return error.message;
}

/** OpenSSL's message is a line of colons; the reason is its own property. */
function sslReason(error: Error): string {
  return "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
}
