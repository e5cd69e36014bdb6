import { z } from "zod";

/** `1` and `2c` say a community, in plain text; `3` knows users, with keys of their own. */
export const SnmpVersion = z.enum(["1", "2c", "3"]);
export type SnmpVersion = z.infer<typeof SnmpVersion>;

/** How messages are signed (RFC 3414, RFC 7860). */
export const SnmpAuthProtocol = z.enum(["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]);
export type SnmpAuthProtocol = z.infer<typeof SnmpAuthProtocol>;

/**
 * How messages are encrypted (RFC 3414, RFC 3826). AES with 256 bits has no RFC: `AES-256` lengthens keys as Blumenthal's draft does, which Net-SNMP
 * follows; `AES-256-C` as Reeder's does, which Cisco follows.
 */
export const SnmpPrivProtocol = z.enum(["DES", "AES", "AES-256", "AES-256-C"]);
export type SnmpPrivProtocol = z.infer<typeof SnmpPrivProtocol>;

const Secret = z.string().max(1024).nullable().default(null);

/** What a device wants to hear before it answers. Without `authProtocol` a user of version 3 is only named; without `privProtocol` nothing is encrypted. */
export const SnmpSecurity = z.object({
  version: SnmpVersion.default("2c"),
  /** Versions 1 and 2c. */
  community: Secret,
  /** The others: version 3. */
  username: z.string().max(255).nullable().default(null),
  authProtocol: SnmpAuthProtocol.nullable().default(null),
  authPassword: Secret,
  privProtocol: SnmpPrivProtocol.nullable().default(null),
  privPassword: Secret,
  /** A part of the device by its name, where it has parts; most have none. */
  context: z.string().max(255).default(""),
});
export type SnmpSecurity = z.infer<typeof SnmpSecurity>;

/** RFC 3414 §11.2: shorter ones are refused by devices. */
const shortestPassword = 8;

/** The first thing about it that could never work, with its field; null when there is none. Pure. */
export function findSecurityFault(
  security: SnmpSecurity,
): { readonly field: keyof SnmpSecurity; readonly message: string } | null {
  const { version, community, username, authProtocol, authPassword, privProtocol, privPassword } = security;
  if (version !== "3") {
    return isEmpty(community) ? { field: "community", message: `is empty; version ${version} needs one` } : null;
  }
  if (isEmpty(username)) return { field: "username", message: "is empty; version 3 needs one" };
  if (privProtocol !== null && authProtocol === null) {
    return { field: "authProtocol", message: "is empty; what is encrypted has to be signed as well" };
  }
  if (authProtocol !== null && (authPassword ?? "").length < shortestPassword) {
    return { field: "authPassword", message: `is shorter than ${shortestPassword} characters` };
  }
  if (privProtocol !== null && (privPassword ?? "").length < shortestPassword) {
    return { field: "privPassword", message: `is shorter than ${shortestPassword} characters` };
  }
  return null;
}

function isEmpty(text: string | null): boolean {
  return text === null || text === "";
}
