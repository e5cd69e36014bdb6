import { isIP, type Socket } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type SecureVersion, type TLSSocket } from "node:tls";
import { StoppedWaiting } from "../plugin/stopped-waiting.ts";

/** How to start TLS on a connected socket. */
export interface SecureOptions {
  /** The name asked for (SNI) and the one the certificate must bear. */
  readonly serverName: string;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What the server showed of itself. */
export interface ServerCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** Why the chain does not lead to a trusted authority, e.g. `DEPTH_ZERO_SELF_SIGNED_CERT`; undefined when it does. */
  readonly trustError: string | undefined;
  /** Why the certificate is not for the name asked for; undefined when it is. */
  readonly nameError: string | undefined;
}

/**
 * Starts TLS and accepts any certificate, so that a bad one can be described; callers judge it with `describeCertificate`.
 * Rejects when the handshake fails, and with StoppedWaiting on abort.
 */
export function startTls(socket: Socket, options: SecureOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { serverName, ...rest } = options;
  const secured = connect({
    socket,
    ...rest,
    // SNI carries names only (RFC 6066 section 3).
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    rejectUnauthorized: false,
  });
  return handshakeOf(secured, "connection closed during the TLS handshake", signal);
}

/** The socket once its handshake is done. Rejects when it fails, with `closed` when the peer leaves, and with StoppedWaiting on abort. */
export function handshakeOf(secured: TLSSocket, closed: string, signal: AbortSignal): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const onAbort = (): void => {
    reject(new StoppedWaiting("the TLS handshake"));
    secured.destroy();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  secured.once("secureConnect", () => resolve(secured));
  // The socket below may be destroyed by the same signal first, so the signal is asked here as well.
  secured.once("close", () => {
    reject(signal.aborted ? new StoppedWaiting("the TLS handshake") : new Error(closed));
  });
  secured.on("error", reject);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}

/** Describes the certificate a server showed; undefined when it showed none. */
export function describeCertificate(socket: TLSSocket, serverName: string): ServerCertificate | undefined {
  const certificate = socket.getPeerCertificate();
  if (certificate.valid_to === undefined) return undefined;
  const { authorizationError } = socket;
  // Node puts a mismatch of names into authorizationError too, but only when the chain is fine.
  const chainError =
    authorizationError === undefined || authorizationError === null ? undefined : String(authorizationError);
  return {
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    validFromMs: Date.parse(certificate.valid_from),
    validToMs: Date.parse(certificate.valid_to),
    trustError: chainError === undefined || chainError.includes("ALTNAME") ? undefined : chainError,
    nameError: nameError(serverName, certificate),
  };
}

function commonName(name: PeerCertificate["subject"] | undefined): string {
  const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
  return first(name?.CN) ?? first(name?.O) ?? "(no name)";
}

function nameError(serverName: string, certificate: PeerCertificate): string | undefined {
  if (checkServerIdentity(serverName, certificate) === undefined) return undefined;
  const names = certificate.subjectaltname?.replaceAll("DNS:", "").replaceAll("IP Address:", "");
  return `it is for ${names ?? commonName(certificate.subject)}, not for ${serverName}`;
}
