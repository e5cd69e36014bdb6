// Whoever compiles this file alone finds its types, too.
/// <reference path="./net-snmp.d.ts" />
import { lookup } from "node:dns/promises";
import type { SnmpSecurity } from "@mycloud/protocol/snmp";
import type { Session, User } from "net-snmp";
import { isDowngraded } from "./is-downgraded.ts";
import type { SnmpTarget } from "./snmp-target.ts";

const authProtocols: Readonly<Record<NonNullable<SnmpSecurity["authProtocol"]>, string>> = {
  MD5: "md5",
  SHA: "sha",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};
const privProtocols: Readonly<Record<NonNullable<SnmpSecurity["privProtocol"]>, string>> = {
  DES: "des",
  AES: "aes",
  "AES-256": "aes256b",
  "AES-256-C": "aes256r",
};

/**
 * Opens net-snmp's session, with a socket of its own, on the device's address. Nothing that arrives there ends this process: what cannot be decoded is left
 * out and told to `onGarbage`. Rejects with what the resolver says.
 */
export async function openSocketSession(target: SnmpTarget, onGarbage: (error: unknown) => void): Promise<Session> {
  // Most agents watch no device: the package is loaded where one is asked.
  const snmp = await import("net-snmp");
  const { host, port, family, security, timeoutMs, retries } = target;
  const { address, family: found } = await lookup(host, { family });
  const options = {
    port,
    retries,
    timeout: timeoutMs,
    transport: found === 6 ? ("udp6" as const) : ("udp4" as const),
    idBitsSize: 32,
    // Order is checked here, with a message that says what came.
    backwardsGetNexts: true,
  };
  const { version, context } = security;
  const session =
    version === "3"
      ? snmp.createV3Session(address, userOf(security, snmp), { ...options, context })
      : snmp.createSession(address, security.community ?? "", {
          ...options,
          version: version === "1" ? snmp.Version1 : snmp.Version2c,
        });
  session.on("error", onGarbage);
  // net-snmp throws out of its socket's handler for some messages, and an exception there would end the process.
  session.dgram.removeAllListeners("message");
  const wanted = { isSigned: security.authProtocol !== null, isEncrypted: security.privProtocol !== null };
  session.dgram.on("message", (message) => {
    if (version === "3" && isDowngraded(message, wanted)) {
      onGarbage(new Error("an answer that is less protected than the question"));
      return;
    }
    try {
      session.onMsg(message);
    } catch (error) {
      onGarbage(error);
    }
  });
  return session;
}

type Constants = Pick<typeof import("net-snmp"), "SecurityLevel" | "AuthProtocols" | "PrivProtocols">;

function userOf(security: SnmpSecurity, { SecurityLevel, AuthProtocols, PrivProtocols }: Constants): User {
  const { username, authProtocol, authPassword, privProtocol, privPassword } = security;
  const name = username ?? "";
  if (authProtocol === null) return { name, level: SecurityLevel.noAuthNoPriv };
  const signing = {
    name,
    authProtocol: AuthProtocols[authProtocols[authProtocol]] ?? "",
    authKey: authPassword ?? "",
  };
  if (privProtocol === null) return { ...signing, level: SecurityLevel.authNoPriv };
  return {
    ...signing,
    level: SecurityLevel.authPriv,
    privProtocol: PrivProtocols[privProtocols[privProtocol]] ?? "",
    privKey: privPassword ?? "",
  };
}
