import { readFileSync } from "node:fs";
import {
  findSecurityFault,
  SnmpAuthProtocol,
  SnmpPrivProtocol,
  SnmpSecurity,
  SnmpVersion,
} from "@mycloud/protocol/snmp";
import { systemErrorReason } from "../plugin/explain-system-error.ts";
import { UsageError } from "../plugin/usage-error.ts";

/** Names of variables, in the environment and in a credentials file alike. */
export const credentialVariables = {
  version: "MYCLOUD_SNMP_VERSION",
  community: "MYCLOUD_SNMP_COMMUNITY",
  username: "MYCLOUD_SNMP_USERNAME",
  authProtocol: "MYCLOUD_SNMP_AUTH_PROTOCOL",
  authPassword: "MYCLOUD_SNMP_AUTH_PASSWORD",
  privProtocol: "MYCLOUD_SNMP_PRIV_PROTOCOL",
  privPassword: "MYCLOUD_SNMP_PRIV_PASSWORD",
  context: "MYCLOUD_SNMP_CONTEXT",
} as const satisfies Record<keyof SnmpSecurity, string>;
/** Names a credentials file. */
export const credentialsFileVariable = "MYCLOUD_SNMP_CREDENTIALS";

type Variables = Readonly<Record<string, string | undefined>>;

/** A credential by the variables of an environment, or of the file that it names; null where there are none. Throws UsageError. */
export function readCredential(environment: Variables, file: string | undefined): SnmpSecurity | null {
  const path = file ?? environment[credentialsFileVariable];
  const variables = path === undefined ? environment : parseCredentials(readText(path), path);
  const given = Object.entries(credentialVariables).flatMap(([field, name]) => {
    const value = variables[name];
    return value === undefined || value === "" ? [] : [[field, value] as const];
  });
  if (given.length === 0) {
    if (path === undefined) return null;
    throw new UsageError(`${path} names no credential; expected lines such as ${credentialVariables.community}=...`);
  }
  const values = Object.fromEntries(given);
  const isUser = values.username !== undefined;
  const security = SnmpSecurity.parse({
    ...values,
    version: values.version === undefined ? (isUser ? "3" : "2c") : readVersion(values.version),
    ...(values.authProtocol === undefined ? {} : { authProtocol: readAuthProtocol(values.authProtocol) }),
    ...(values.privProtocol === undefined ? {} : { privProtocol: readPrivProtocol(values.privProtocol) }),
  });
  return requireWorkable(security, path ?? "the environment");
}

/** Lines `NAME=value`, empty ones and comments between; a value may stand in quotes. Throws UsageError with the line, without what is on it. */
export function parseCredentials(text: string, path: string): Record<string, string> {
  const known: ReadonlySet<string> = new Set(Object.values(credentialVariables));
  const variables: Record<string, string> = {};
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name = "", value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (!known.has(name)) {
      throw new UsageError(
        `${path} line ${at + 1} is not understood; expected NAME=value with NAME one of ${[...known].join(", ")}`,
      );
    }
    variables[name] = /^(["']).*\1$/.test(value) && value.length >= 2 ? value.slice(1, -1) : value;
  }
  return variables;
}

export function readVersion(text: string): SnmpVersion {
  const parsed = SnmpVersion.safeParse(text === "2" ? "2c" : text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`the SNMP version is "${text.slice(0, 20)}"; expected 1, 2c or 3`);
}

/** `SHA256` and `sha-256` alike. Throws UsageError. */
export function readAuthProtocol(text: string): SnmpAuthProtocol {
  const plain = text.toUpperCase().replaceAll("-", "");
  const wanted = plain === "SHA1" ? "SHA" : plain.replace(/^SHA(?=\d)/, "SHA-");
  const parsed = SnmpAuthProtocol.safeParse(wanted);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `the protocol for signing is "${text.slice(0, 20)}"; expected one of ${SnmpAuthProtocol.options.join(", ")}`,
  );
}

/** `AES`, `aes-128`, `AES256` and so on. Throws UsageError. */
export function readPrivProtocol(text: string): SnmpPrivProtocol {
  const plain = text.toUpperCase().replaceAll("-", "");
  const names: Readonly<Record<string, SnmpPrivProtocol>> = {
    DES: "DES",
    AES: "AES",
    AES128: "AES",
    AES256: "AES-256",
    AES256C: "AES-256-C",
  };
  const found = Object.hasOwn(names, plain) ? names[plain] : undefined;
  if (found !== undefined) return found;
  throw new UsageError(
    `the protocol for encryption is "${text.slice(0, 20)}"; expected one of ${SnmpPrivProtocol.options.join(", ")}`,
  );
}

/** Throws UsageError for a credential that could never work, without what is secret in it. */
export function requireWorkable(security: SnmpSecurity, where: string): SnmpSecurity {
  const fault = findSecurityFault(security);
  if (fault === null) return security;
  throw new UsageError(`the SNMP credential of ${where} cannot work: ${fault.field} ${fault.message}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`the credentials file ${path} cannot be read: ${systemErrorReason(error)}`);
  }
}
