import { hostname } from "node:os";
import { nscaMethods } from "@mycloud/checks/nsca";
import { EmailAddress, HostName } from "@mycloud/protocol/name";
import { RegistrationPolicy } from "@mycloud/protocol/registration";
import { Password } from "@mycloud/protocol/user";
import { z } from "zod";
import { defaultSenders, parseSenders } from "../nsca/senders.ts";
import { createAddressGuard } from "../outgoing-request/address-guard.ts";

/** `HOST:PORT`, an IPv6 address in brackets. */
const ListenAddress = z.string().transform((text, context) => {
  const match = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    context.addIssue({ code: "custom", message: "is not HOST:PORT; write for example 127.0.0.1:8080 or [::1]:8080" });
    return z.NEVER;
  }
  return { host: match[1] ?? match[2] ?? "", port };
});

/** The same, or null for `off`. */
const ListenAddressOrOff = z.union([z.literal("off").transform(() => null), ListenAddress]);

const NscaMethod = z.string().transform((text, context) => {
  const method = nscaMethods.find((known) => String(known) === text);
  if (method !== undefined) return method;
  context.addIssue({ code: "custom", message: `is none of ${nscaMethods.join(", ")}` });
  return z.NEVER;
});

const NscaSenders = z.string().transform((text, context) => {
  const parsed = parseSenders(text);
  if (parsed.isValid) return parsed.senders;
  context.addIssue({ code: "custom", message: parsed.message });
  return z.NEVER;
});

const TrustProxy = z.string().transform((text): boolean | number | string => {
  if (text === "" || text === "false" || text === "0") return false;
  return /^\d+$/.test(text) ? Number(text) : text;
});

/** Networks with commas, each checked. */
const Networks = z.string().transform((text, context) => {
  const networks = text
    .split(",")
    .map((network) => network.trim())
    .filter((network) => network !== "");
  try {
    createAddressGuard(networks);
    return networks;
  } catch (error) {
    context.addIssue({ code: "custom", message: `: ${error instanceof Error ? error.message : String(error)}` });
    return z.NEVER;
  }
});

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) !== null;
  } catch {
    return false;
  }
}

const url = (protocols: RegExp, message: string) =>
  z.string().refine((text) => protocols.test(URL.parse(text)?.protocol ?? ""), message);

const listed = (text: string) =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

const AlertLabels = z
  .string()
  .transform(listed)
  .pipe(z.array(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "is not a list of label names with commas")).max(20));

const returnCodes = new Map([
  ["OK", 0],
  ["WARNING", 1],
  ["CRITICAL", 2],
  ["UNKNOWN", 3],
]);

const AlertSeverities = z.string().transform((text, context): ReadonlyMap<string, number> => {
  const severities = new Map<string, number>();
  for (const entry of listed(text)) {
    const [severity = "", state = ""] = entry.split("=");
    const code = returnCodes.get(state.trim().toUpperCase());
    if (severity.trim() === "" || code === undefined) {
      context.addIssue({ code: "custom", message: `: "${entry}" is not SEVERITY=OK|WARNING|CRITICAL|UNKNOWN` });
      return z.NEVER;
    }
    severities.set(severity.trim().toLowerCase(), code);
  }
  return severities;
});

/** The settings, checked. Values arrive as text, whichever place they come from. */
export const Configuration = z.object({
  stateDir: z.string().min(1, "is empty"),
  http: ListenAddress.prefault("127.0.0.1:8080"),
  databaseUrl: url(/^(mariadb|mysql):$/, "is not understood; write mariadb://user:password@host:port/database")
    .nullable()
    .default(null),
  adminEmail: EmailAddress.default("admin@localhost"),
  adminPassword: Password.nullable().default(null),
  publicUrl: url(/^https?:$/, "is no http:// or https:// address")
    .transform((text) => text.replace(/\/+$/, ""))
    .nullable()
    .default(null),
  trustProxy: TrustProxy.prefault("false"),
  smtpUrl: url(/^smtps?:$/, "is no smtp:// or smtps:// address")
    .nullable()
    .default(null),
  smtpPasswordFile: z.string().min(1).nullable().default(null),
  masterKeyFile: z.string().min(1).nullable().default(null),
  outgoingNetworks: Networks.prefault(""),
  notificationCommandDir: z.string().min(1).default("/etc/mycloud/notification-commands"),
  mailFrom: EmailAddress.default(() => `mycloud@${hostname()}`),
  wsArbiter: ListenAddressOrOff.prefault("off"),
  wsArbiterUser: z
    .string()
    .regex(/^[^:\p{Cc}]{1,128}$/u, "is empty or has a colon")
    .default("anonymous"),
  wsArbiterPasswordFile: z.string().min(1).nullable().default(null),
  commandFile: z.string().min(1).nullable().default(null),
  checkResultDir: z.string().min(1).nullable().default(null),
  passiveRegister: z
    .enum(["on", "off"], "is neither on nor off")
    .transform((text) => text === "on")
    .prefault("off"),
  nsca: ListenAddressOrOff.prefault("off"),
  nscaMethod: NscaMethod.prefault("14"),
  nscaPassword: z.string().max(1024).nullable().default(null),
  nscaPasswordFile: z.string().min(1).nullable().default(null),
  nscaSenders: NscaSenders.prefault(defaultSenders),
  nscaMaxAge: z
    .string()
    .regex(/^\d{1,3}$/, "is no number of seconds below 1,000")
    .transform(Number)
    .prefault("30"),
  alertHostLabels: AlertLabels.prefault("host,hostname,instance,node"),
  alertDefaultHost: HostName.default("alerts"),
  alertSeverities: AlertSeverities.prefault(
    "critical=CRITICAL,page=CRITICAL,error=CRITICAL,warning=WARNING,info=OK,none=OK",
  ),
  alertResolveSeconds: z.coerce
    .number("is no number of seconds")
    .int("is no whole number of seconds")
    .min(10, "is below 10 seconds")
    .max(2_592_000, "is above 30 days")
    .prefault(300),
  livestatus: ListenAddressOrOff.prefault("off"),
  livestatusSocket: z.string().min(1).nullable().default(null),
  livestatusCommands: z
    .union([z.literal("off").transform(() => null), EmailAddress], "is neither off nor a user's e-mail address")
    .prefault("off"),
  forward: ListenAddressOrOff.prefault("127.0.0.1:24224"),
  forwardPublic: ListenAddress.nullable().default(null),
  syslog: ListenAddressOrOff.prefault("127.0.0.1:5514"),
  syslogTls: ListenAddressOrOff.prefault("off"),
  syslogTimeZone: z
    .string()
    .refine(isTimeZone, "is no time zone, such as Europe/Berlin")
    .default(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  logTlsCert: z.string().min(1).nullable().default(null),
  logTlsKey: z.string().min(1).nullable().default(null),
  logStoreUrl: url(/^https?:$/, "is not understood; write http://user@host:8123/database")
    .nullable()
    .default(null),
  logStorePasswordFile: z.string().min(1).nullable().default(null),
  logKeepDays: z.coerce
    .number("is no number of days")
    .int("is no whole number of days")
    .min(1, "is below 1 day")
    .max(3650, "is above 3650 days")
    .default(30),
  logKeepBytes: z.coerce
    .number("is no number of bytes")
    .int("is no whole number of bytes")
    .min(1_000_000, "is below 1000000 bytes")
    .nullable()
    .default(null),
  snmpTrap: ListenAddressOrOff.prefault("off"),
  snmpTrapRelays: Networks.prefault(""),
  snmpAgent: ListenAddressOrOff.prefault("off"),
  snmpAgentCredentialsFile: z.string().min(1).nullable().default(null),
  metricsUrl: url(/^https?:$/, "is no http:// or https:// address")
    .nullable()
    .default(null),
  metricsPasswordFile: z.string().min(1).nullable().default(null),
  registration: z.enum(RegistrationPolicy.options, "is not one of off, invite, open").default("invite"),
  logLevel: z.enum(["debug", "info", "warn", "error"], "is not one of debug, info, warn, error").default("info"),
  logFormat: z.enum(["json", "text"], "is neither json nor text").nullable().default(null),
});
export type Configuration = z.output<typeof Configuration>;
