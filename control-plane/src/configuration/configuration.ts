import { hostname } from "node:os";
import { EmailAddress } from "@mycloud/protocol/name";
import { Password } from "@mycloud/protocol/user";
import { z } from "zod";
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

const url = (protocols: RegExp, message: string) =>
  z.string().refine((text) => protocols.test(URL.parse(text)?.protocol ?? ""), message);

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
  livestatus: ListenAddressOrOff.prefault("off"),
  livestatusSocket: z.string().min(1).nullable().default(null),
  livestatusCommands: z
    .union([z.literal("off").transform(() => null), EmailAddress], "is neither off nor a user's e-mail address")
    .prefault("off"),
  logLevel: z.enum(["debug", "info", "warn", "error"], "is not one of debug, info, warn, error").default("info"),
  logFormat: z.enum(["json", "text"], "is neither json nor text").nullable().default(null),
});
export type Configuration = z.output<typeof Configuration>;
