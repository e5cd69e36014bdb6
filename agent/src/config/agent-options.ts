import { z } from "zod";
import { defaultStateDirectory } from "../command-line/root-directory.ts";

/** One option: where it can be given, and what it means. */
export interface AgentOption {
  readonly name:
    | "stateDirectory"
    | "serverUrl"
    | "concurrency"
    | "spoolMegabytes"
    | "nrpe"
    | "metrics"
    | "metricsCertificate"
    | "metricsKey"
    | "metricsTokenFile"
    | "metricsTextfiles"
    | "metricsWithout";
  readonly flag: string;
  readonly environment: string;
  readonly description: string;
  readonly default?: string | number;
  /** What documents say in place of a default that depends on the machine. */
  readonly defaultText?: string;
}

/** Every option of `mycloud agent`. In the file an option is written by its name. */
export const agentOptions = [
  {
    name: "stateDirectory",
    flag: "--state-dir <directory>",
    environment: "MYCLOUD_STATE_DIR",
    description: "where identity, cached configuration and spool are kept",
    default: defaultStateDirectory(),
    defaultText: "./var in a clone, else /var/lib/mycloud",
  },
  {
    name: "serverUrl",
    flag: "--server <url>",
    environment: "MYCLOUD_SERVER",
    description: "address of the control plane; the one given at enrolment when left out",
  },
  {
    name: "concurrency",
    flag: "--concurrency <number>",
    environment: "MYCLOUD_CONCURRENCY",
    description: "how many checks run at the same time",
    default: 4,
  },
  {
    name: "spoolMegabytes",
    flag: "--spool-megabytes <number>",
    environment: "MYCLOUD_SPOOL_MEGABYTES",
    description: "how much may wait on disk while the control plane is away",
    default: 64,
  },
  {
    name: "nrpe",
    flag: "--nrpe <HOST:PORT>",
    environment: "MYCLOUD_NRPE",
    description: "where check_nrpe is answered, or off; who may ask and for what is in policy.yaml",
    default: "off",
  },
  {
    name: "metrics",
    flag: "--metrics <HOST:PORT>",
    environment: "MYCLOUD_AGENT_METRICS",
    description: "where Prometheus may fetch this host's metrics, or off",
    default: "127.0.0.1:9273",
  },
  {
    name: "metricsCertificate",
    flag: "--metrics-cert <file>",
    environment: "MYCLOUD_AGENT_METRICS_CERT",
    description: "certificate (PEM) for metrics, which then are told over HTTPS; read again when it changes",
  },
  {
    name: "metricsKey",
    flag: "--metrics-key <file>",
    environment: "MYCLOUD_AGENT_METRICS_KEY",
    description: "its private key (PEM)",
  },
  {
    name: "metricsTokenFile",
    flag: "--metrics-token-file <file>",
    environment: "MYCLOUD_AGENT_METRICS_TOKEN_FILE",
    description:
      "a file with bearer tokens, one a line, without which nobody is told metrics; read again when it changes",
  },
  {
    name: "metricsTextfiles",
    flag: "--metrics-textfiles <directory>",
    environment: "MYCLOUD_AGENT_METRICS_TEXTFILES",
    description:
      "*.prom files there become metrics too; /var/lib/prometheus/node-exporter, where it is there, when left out",
  },
  {
    name: "metricsWithout",
    flag: "--metrics-without <names>",
    environment: "MYCLOUD_AGENT_METRICS_WITHOUT",
    description: "collectors that are never run, separated by commas: processes,netclass",
    default: "",
    defaultText: "none",
  },
] as const satisfies readonly AgentOption[];

/** `HOST:PORT`, an IPv6 address in brackets, or null for `off`. */
const ListenAddressOrOff = z.string().transform((text, context) => {
  if (text.toLowerCase() === "off") return null;
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  context.addIssue({ code: "custom", message: "write HOST:PORT or off, e.g. 127.0.0.1:9273" });
  return z.NEVER;
});

/** The options as the agent uses them. */
export const AgentOptions = z.object({
  stateDirectory: z.string().min(1),
  serverUrl: z.url({ protocol: /^https?$/, error: "is not an http:// or https:// address" }).optional(),
  concurrency: z.coerce.number("is not a number").int().min(1).max(64),
  spoolMegabytes: z.coerce.number("is not a number").min(1).max(100_000),
  nrpe: ListenAddressOrOff,
  metrics: ListenAddressOrOff,
  metricsCertificate: z.string().min(1).optional(),
  metricsKey: z.string().min(1).optional(),
  metricsTokenFile: z.string().min(1).optional(),
  metricsTextfiles: z.string().min(1).optional(),
  metricsWithout: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .transform((names) => names.filter((name) => name !== "")),
});
export type AgentOptions = z.infer<typeof AgentOptions>;

/** The configuration file that is read when it exists. */
export const defaultConfigurationFile = "/etc/mycloud/agent.yaml";
