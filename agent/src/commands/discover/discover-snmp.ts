import { UsageError } from "@mycloud/checks/plugin";
import { addressesOf, readCredential, type SweptDevice, sweep } from "@mycloud/checks/snmp";
import { Labels } from "@mycloud/protocol/name";
import type { SnmpSecurity } from "@mycloud/protocol/snmp";
import { Command } from "commander";
import { stringify } from "yaml";
import { addAgentOptions, agentSettings } from "../../agent-command/agent-settings.ts";
import {
  addExamples,
  CommandError,
  flagsOf,
  printable,
  printJson,
  printTable,
  remark,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { readCachedConfiguration } from "../../configuration/index.ts";
import { agentPaths } from "../../state-directory/index.ts";
import { chooseProbers } from "./choose-probers.ts";
import { type DeviceDefinition, deviceDefinitions } from "./device-definition.ts";

interface Flags {
  readonly credential?: string;
  readonly credentials?: string;
  readonly port?: string;
  readonly rate?: string;
  readonly concurrent?: string;
  readonly label?: readonly string[];
  readonly prober?: readonly string[];
  readonly definitions?: boolean;
  readonly json?: boolean;
}

const shortestProgressMs = 1_000;

/** `mycloud discover snmp CIDR`. */
export function createDiscoverSnmpCommand(terminal: Terminal): Command {
  const command = new Command("snmp")
    .description(
      "Ask every address of a network for its sysObjectID, and list what answers; nothing is changed. --definitions prints hosts for mycloud apply.",
    )
    .argument("<CIDR>", "an IPv4 network of /20 or smaller, e.g. 192.0.2.0/24")
    .option(
      "--credential <NAME>",
      "the SNMP credential of that name, as the agent of this machine has it for a device that it probes",
    )
    .option(
      "--credentials <FILE>",
      "a credential from a file (env MYCLOUD_SNMP_CREDENTIALS), else from MYCLOUD_SNMP_COMMUNITY and the like",
    )
    .option("--port <PORT>", "the port that is asked", "161")
    .option("--rate <N>", "questions a second, 1 to 1000", "100")
    .option("--concurrent <N>", "addresses asked at once, 1 to 256", "64")
    .option("--label <NAME=VALUE...>", "labels of the hosts that --definitions prints, e.g. device=switch")
    .option(
      "--prober <HOST...>",
      "who probes them, this machine's host among them, as it is the one that asks; that host alone when left out",
    )
    .option("--definitions", "print hosts as YAML")
    .option("--json", "print JSON");
  addAgentOptions(command, ["stateDirectory"]);
  addExamples(command, [
    ["MYCLOUD_SNMP_COMMUNITY=... mycloud discover snmp 192.0.2.0/24", "list what answers"],
    [
      "mycloud discover snmp 192.0.2.0/24 --credential switches --label device=switch --definitions > switches.yaml",
      "hosts for mycloud apply",
    ],
  ]);
  return command.action(async (cidr: string) => {
    const flags = flagsOf<Flags>(command);
    const settings = await agentSettings(command, terminal);
    const configuration = (await readCachedConfiguration(agentPaths(settings.stateDirectory).configuration))
      ?.configuration;
    const known = configuration?.snmpDevices?.find(({ credential }) => credential === flags.credential)?.security;
    const probers = orRefuse(() => chooseProbers(flags.prober, configuration?.hostName ?? null));
    const addresses = orRefuse(() => addressesOf(cidr));
    const security = orRefuse(() => chooseSecurity(flags, known, terminal));
    const labels = orRefuse(() => readLabels(flags.label ?? []));
    const numbers = orRefuse(() => ({
      port: numberIn("--port", flags.port, 161, 65_535),
      perSecond: numberIn("--rate", flags.rate, 100, 1_000),
      concurrent: numberIn("--concurrent", flags.concurrent, 64, 256),
    }));
    const refused: { readonly address: string; readonly message: string }[] = [];
    let toldAtMs = terminal.now();
    const remarks: Promise<void>[] = [];
    const devices = await sweep({
      addresses,
      target: { port: numbers.port, security, timeoutMs: 1_000, retries: 1 },
      concurrent: numbers.concurrent,
      perSecond: numbers.perSecond,
      now: () => performance.now(),
      signal: terminal.signal,
      onProgress(done, found) {
        if (done < addresses.length && terminal.now() - toldAtMs < shortestProgressMs) return;
        toldAtMs = terminal.now();
        remarks.push(remark(terminal, `${done} of ${addresses.length} addresses asked, ${found} devices found`));
      },
      onRefused: (address, error) => refused.push({ address, message: error.message }),
    });
    await Promise.all(remarks);
    const hosts = deviceDefinitions(devices, labels, probers);
    if (flags.json === true) return await printJson(terminal, { devices, refused, hosts });
    if (flags.definitions === true) await write(terminal.stdout, definitionsText(hosts));
    else await printDevices(terminal, devices);
    for (const { message } of refused) await remark(terminal, printable(message));
  });
}

async function printDevices(terminal: Terminal, devices: readonly SweptDevice[]): Promise<void> {
  const cell = (text: string | null) => printable((text ?? "").replace(/\s+/g, " ").slice(0, 80));
  await printTable(
    terminal,
    [
      { heading: "ADDRESS", cell: ({ address }: SweptDevice) => address },
      { heading: "NAME", cell: ({ sysName }: SweptDevice) => cell(sysName) },
      { heading: "OBJECT ID", cell: ({ sysObjectId }: SweptDevice) => cell(sysObjectId) },
      { heading: "DESCRIPTION", cell: ({ sysDescr }: SweptDevice) => cell(sysDescr) },
    ],
    devices,
    "Nothing answered.",
  );
}

function definitionsText(hosts: readonly DeviceDefinition[]): string {
  return hosts.map((host) => `---\n${stringify(host)}`).join("");
}

function chooseSecurity(flags: Flags, known: SnmpSecurity | undefined, { environment }: Terminal): SnmpSecurity {
  if (flags.credential !== undefined) {
    if (known !== undefined) return known;
    throw new UsageError(
      `the agent of this machine has no credential "${flags.credential}": it has those of devices that it probes. Give --credentials FILE instead`,
    );
  }
  const read = readCredential(environment, flags.credentials);
  if (read !== null) return read;
  throw new UsageError("no credential: give --credential NAME, --credentials FILE or MYCLOUD_SNMP_COMMUNITY");
}

function readLabels(given: readonly string[]): Labels {
  const pairs = given.map((text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
    throw new UsageError(`--label is "${text}"; expected NAME=VALUE, e.g. device=switch`);
  });
  const parsed = Labels.safeParse(Object.fromEntries(pairs));
  if (parsed.success) return parsed.data;
  throw new UsageError(`--label: ${parsed.error.issues[0]?.message ?? "not a label"}`);
}

function numberIn(name: string, text: string | undefined, fallback: number, most: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageError(`${name} is "${text}"; expected a whole number from 1 to ${most}`);
}

function orRefuse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new CommandError("usage", error.message);
    throw error;
  }
}
