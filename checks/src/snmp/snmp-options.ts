import { SnmpSecurity, type SnmpVersion } from "@mycloud/protocol/snmp";
import { FAMILY_OPTIONS, readFamily, readPort } from "../connection/network-options.ts";
import type { PluginOption } from "../plugin/option.ts";
import type { OptionValues } from "../plugin/option-values.ts";
import { UsageError } from "../plugin/usage-error.ts";
import {
  readAuthProtocol,
  readCredential,
  readPrivProtocol,
  readVersion,
  requireWorkable,
} from "./credentials-file.ts";
import type { SnmpContext } from "./snmp-context.ts";
import type { SnmpTarget } from "./snmp-target.ts";

/** How a device is asked, with check_snmp's letters; every plugin that asks one takes them. */
export const SNMP_OPTIONS = [
  {
    letter: "H",
    name: "hostname",
    value: "HOST",
    description: "name or address of the device; left out, the host whose check it is",
  },
  { letter: "p", name: "port", value: "PORT", description: "its port, 161 unless its credential says otherwise" },
  ...FAMILY_OPTIONS,
  { letter: "P", name: "protocol", value: "1|2c|3", description: "version of SNMP" },
  { letter: "C", name: "community", value: "TEXT", description: "community, for versions 1 and 2c" },
  {
    letter: "L",
    name: "seclevel",
    value: "LEVEL",
    choices: ["noAuthNoPriv", "authNoPriv", "authPriv"],
    description: "version 3: how much is signed and encrypted; left out, what there are passwords for",
  },
  { letter: "U", name: "secname", value: "USER", description: "version 3: the user" },
  {
    letter: "a",
    name: "authproto",
    value: "NAME",
    description: "version 3: MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512",
  },
  { letter: "A", name: "authpasswd", value: "TEXT", description: "version 3: password for signing" },
  { letter: "x", name: "privproto", value: "NAME", description: "version 3: DES, AES, AES-256 or AES-256-C" },
  { letter: "X", name: "privpasswd", value: "TEXT", description: "version 3: password for encryption" },
  { letter: "N", name: "context", value: "NAME", description: "version 3: the context" },
  { name: "credentials", value: "FILE", description: "read the credential from FILE instead of from this line" },
  { letter: "e", name: "retries", value: "N", default: "2", description: "ask so many times more when nothing comes" },
  { letter: "E", name: "retry", value: "N", description: "the same as -e, as some versions of check_snmp have it" },
  { name: "request-timeout", value: "SECONDS", default: "2", description: "how long to wait for each answer" },
] as const satisfies readonly PluginOption[];

/** Said in the notes of every plugin that asks a device. */
export const SNMP_NOTES =
  "A host's own SNMP credential is used when it is the host's check and nothing is said here. By hand the credential comes from the options, from a file " +
  "(--credentials, or MYCLOUD_SNMP_CREDENTIALS) or from the environment: MYCLOUD_SNMP_COMMUNITY, or MYCLOUD_SNMP_USERNAME, _AUTH_PROTOCOL, " +
  "_AUTH_PASSWORD, _PRIV_PROTOCOL, _PRIV_PASSWORD. Options are seen by whoever lists processes; file and environment are not.";

const longestWaitSeconds = 60;
const attempts = { min: 0, max: 20, isInteger: true };

/** Who is asked, and how. Throws UsageError when that is not said anywhere. */
export function readTarget(
  options: OptionValues,
  snmp: SnmpContext | undefined,
  environment: NodeJS.ProcessEnv,
  defaultVersion: SnmpVersion,
): SnmpTarget {
  const asked = options.text("hostname");
  const device = snmp?.findDevice(asked);
  const host = device?.address ?? asked;
  if (host === undefined || host === "") {
    throw new UsageError("-H/--hostname HOST is required where the check is not of a host with an SNMP credential");
  }
  const isSaid = ["community", "secname", "authpasswd", "privpasswd", "credentials"].some((name) =>
    options.isGiven(name),
  );
  const stored = isSaid ? null : (device?.security ?? null);
  const security =
    stored ??
    fromLine(
      options,
      options.isGiven("community") || options.isGiven("secname")
        ? null
        : readCredential(environment, options.text("credentials")),
      defaultVersion,
    );
  return {
    host,
    port: readPort(options) ?? device?.port ?? 161,
    family: readFamily(options),
    security,
    timeoutMs: (options.number("request-timeout", { min: 0.1, max: longestWaitSeconds }) ?? 2) * 1_000,
    retries: options.number(options.isGiven("retry") ? "retry" : "retries", attempts) ?? 2,
  };
}

/** What the options say, over what file or environment do. */
function fromLine(options: OptionValues, read: SnmpSecurity | null, defaultVersion: SnmpVersion): SnmpSecurity {
  const level = options.text("seclevel");
  const protocol = options.text("protocol");
  const username = options.text("secname") ?? read?.username ?? null;
  const version =
    protocol === undefined ? (read?.version ?? (username === null ? defaultVersion : "3")) : readVersion(protocol);
  const authPassword = options.text("authpasswd") ?? read?.authPassword ?? null;
  const privPassword = options.text("privpasswd") ?? read?.privPassword ?? null;
  const authName = options.text("authproto");
  const privName = options.text("privproto");
  // check_snmp takes MD5 and DES where the line does not say.
  const authProtocol = authName === undefined ? (read?.authProtocol ?? "MD5") : readAuthProtocol(authName);
  const privProtocol = privName === undefined ? (read?.privProtocol ?? "DES") : readPrivProtocol(privName);
  const isSigned = level === undefined ? authPassword !== null : level !== "noAuthNoPriv";
  const isEncrypted = level === undefined ? privPassword !== null : level === "authPriv";
  const security = SnmpSecurity.parse({
    version,
    community: options.text("community") ?? read?.community ?? (version === "3" ? null : "public"),
    username,
    authProtocol: isSigned ? authProtocol : null,
    authPassword: isSigned ? authPassword : null,
    privProtocol: isEncrypted ? privProtocol : null,
    privPassword: isEncrypted ? privPassword : null,
    context: options.text("context") ?? read?.context ?? "",
  });
  return requireWorkable(security, "this line");
}
