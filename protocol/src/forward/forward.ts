import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";

/** What is written back instead of a secret that is set; writing it keeps the secret as it is. */
export const keptSecret = "********";

/** Fields of these names are secrets wherever they occur in a definition: sealed where stored, answered as `keptSecret`. */
export const secretFields = ["password", "secret", "token", "community", "authPassword", "privPassword"] as const;

const Password = z.string().max(1024);
const Port = z.number().int().min(1).max(65_535);
const HostOrAddress = z.string().min(1).max(255);

/** Shinken's ws-arbiter module: form posts to `<url>/push_check_result`. User name "anonymous" = no authentication. */
export const WsArbiterTarget = z.strictObject({
  type: z.literal("ws-arbiter"),
  url: z.url({ protocol: /^https?$/ }),
  username: z.string().max(255).default("anonymous"),
  password: Password.nullable().default(null),
});
/** An nsca daemon. Methods: 0 none, 1 XOR, 3 3DES, 14 AES-256, 16 Rijndael-256. */
export const NscaTarget = z.strictObject({
  type: z.literal("nsca"),
  host: HostOrAddress,
  port: Port.default(5667),
  method: z.union([z.literal(0), z.literal(1), z.literal(3), z.literal(14), z.literal(16)]).default(14),
  password: Password.nullable().default(null),
  /** For receivers that read one result a connection only, as Shinken's nsca module does. */
  isOnePerConnection: z.boolean().optional(),
});
/** The external command file of a Nagios, Naemon, Icinga or Shinken on the control plane's machine. */
export const CommandPipeTarget = z.strictObject({
  type: z.literal("command-pipe"),
  path: z.string().startsWith("/").max(4096),
});

export const ForwardTarget = z.discriminatedUnion("type", [WsArbiterTarget, NscaTarget, CommandPipeTarget]);
export type ForwardTarget = z.infer<typeof ForwardTarget>;

/**
 * Passes results of chosen hosts and services on, as passive results, to a monitoring system that already runs, in order, with a queue that
 * survives restarts. `hard`: every result that is or stays HARD state change; `all`: every result.
 */
export const ForwardInput = z.object({
  name: ResourceName,
  selector: ServiceSelector.default({}),
  results: z.enum(["hard", "all"]).default("hard"),
  target: ForwardTarget,
  isEnabled: z.boolean().default(true),
});
export type ForwardInput = z.infer<typeof ForwardInput>;
