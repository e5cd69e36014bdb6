import { createHash, timingSafeEqual } from "node:crypto";

/** Who may send; null lets everybody who reaches the port. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** `missing` is answered 401, `wrong` 403, as Shinken's module does. */
export type CredentialsVerdict = "accepted" | "missing" | "wrong";

/** Checks a request's Authorization header (RFC 7617), in a time that tells nothing of the password. Pure. */
export function checkCredentials(header: string | undefined, wanted: Credentials | null): CredentialsVerdict {
  if (wanted === null) return "accepted";
  const encoded = /^Basic +([A-Za-z0-9+/=_-]{1,4096})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return "missing";
  const given = Buffer.from(encoded, "base64").toString("utf8");
  return isSame(given, `${wanted.user}:${wanted.password}`) ? "accepted" : "wrong";
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
