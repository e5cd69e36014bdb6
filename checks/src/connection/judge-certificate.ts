import { formatDuration } from "../plugin/format-quantity.ts";
import type { OptionValues } from "../plugin/option-values.ts";
import type { Perfdatum } from "../plugin-api/perfdata.ts";
import type { ReturnCode } from "../plugin-api/return-code.ts";
import type { ServerCertificate } from "./secure.ts";

/** The least days a certificate must still be valid. */
export interface CertificateLimits {
  readonly warningDays: number;
  readonly criticalDays: number;
}

/** What is said about a certificate's dates. */
export interface CertificateJudgement {
  readonly returnCode: ReturnCode;
  readonly text: string;
  readonly perfdata: readonly Perfdatum[];
}

const DAY_MS = 86_400_000;

/** Judges how long a certificate is still valid. Expired or not yet valid is CRITICAL whatever the limits. */
export function judgeValidity(
  certificate: ServerCertificate,
  limits: CertificateLimits,
  nowMs: number,
): CertificateJudgement {
  const leftMs = certificate.validToMs - nowMs;
  const days = Math.floor(leftMs / DAY_MS);
  const expiry = new Date(certificate.validToMs).toISOString().slice(0, 16).replace("T", " ");
  const perfdata: Perfdatum[] = [
    { label: "days_left", value: days, unit: "", warn: `${limits.warningDays}:`, crit: `${limits.criticalDays}:` },
  ];
  const name = `certificate '${certificate.subject}'`;
  if (leftMs < 0) {
    return { returnCode: 2, text: `${name} expired ${formatDuration(leftMs / 1_000)} ago (${expiry} UTC)`, perfdata };
  }
  if (certificate.validFromMs > nowMs) {
    const from = new Date(certificate.validFromMs).toISOString().slice(0, 16).replace("T", " ");
    return { returnCode: 2, text: `${name} is not valid before ${from} UTC`, perfdata };
  }
  const returnCode: ReturnCode = days < limits.criticalDays ? 2 : days < limits.warningDays ? 1 : 0;
  return { returnCode, text: `${name} expires in ${formatDuration(leftMs / 1_000)} (${expiry} UTC)`, perfdata };
}

/** Judges whether a certificate may be believed: a trusted chain, and the name asked for. Either fault is CRITICAL. */
export function judgeTrust(certificate: ServerCertificate): { returnCode: ReturnCode; text: string } {
  const faults = [
    ...(certificate.trustError === undefined ? [] : [`certificate is not trusted: ${explainTrust(certificate)}`]),
    ...(certificate.nameError === undefined ? [] : [`certificate does not fit: ${certificate.nameError}`]),
  ];
  return { returnCode: faults.length === 0 ? 0 : 2, text: faults.join("; ") };
}

function explainTrust({ trustError, issuer }: ServerCertificate): string {
  switch (trustError) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return "it is self-signed";
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return "its chain ends at an authority that is not trusted here";
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return `the issuer '${issuer}' is unknown here (is an intermediate certificate missing?)`;
    case "CERT_HAS_EXPIRED":
      return "it or one above it has expired";
    default:
      return (trustError ?? "").toLowerCase().replaceAll("_", " ");
  }
}

/** Reads `-D WARN[,CRIT]` of check_tcp and check_smtp, `-C` of check_http: days; CRITICAL at 0 unless given. */
export function readCertificateDays(options: OptionValues, name: string): CertificateLimits | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const [warning = "", critical, ...more] = text.split(",");
  if (more.length > 0) throw options.refuse(name, text, "days, or days for WARNING and CRITICAL such as 30,14");
  return {
    warningDays: options.numberIn(name, warning, { min: 0 }),
    criticalDays: critical === undefined ? 0 : options.numberIn(name, critical, { min: 0 }),
  };
}
