import {
  EnrolmentToken,
  EnrolmentTokenCreated,
  type EnrolmentTokenInput,
  EnrolmentTokenPhase,
} from "@mycloud/protocol/enrolment-token";
import { Command, Option } from "commander";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addInstanceOptions,
  collect,
  commandGroup,
  durationMs,
  flagsOf,
  formatInstant,
  namedValue,
  printable,
  printJson,
  remark,
  someOf,
  type Terminal,
  write,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

/** `mycloud enrolment create|list`. */
export function createEnrolmentCommand(terminal: Terminal): Command {
  return commandGroup("enrolment", "One-time tokens that let a host in.", [create(terminal), list(terminal)]);
}

interface CreateFlags {
  readonly host?: string;
  readonly customer?: string;
  readonly group?: string[];
  readonly label?: Record<string, string>;
  readonly for: number;
}

function create(terminal: Terminal): Command {
  const command = new Command("create")
    .description("Create a one-time token and print what to type on the host.")
    .option("--host <HOST>", "enrols this host and no other")
    .option("--customer <NAME>", "the host belongs to this customer")
    .option("--group <GROUP>", "puts the host into this group; repeatable", collect)
    .option("--label <NAME=VALUE>", "gives the host this label; repeatable", namedValue)
    .addOption(
      new Option("--for <DURATION>", "valid this long, up to 30d").argParser(durationMs).default(3_600_000, "1h"),
    );
  addInstanceOptions(command);
  return command.action(async () => {
    const flags = flagsOf<CreateFlags>(command);
    const body: EnrolmentTokenInput = {
      hostName: flags.host ?? null,
      customer: flags.customer ?? null,
      groups: flags.group ?? [],
      labels: flags.label ?? {},
      lifetimeSeconds: Math.round(flags.for / 1000),
    };
    const client = await connect(terminal, flags);
    const answer = await client.request("POST", "/api/v1/enrolment-tokens", { body });
    if (flags.json) return printJson(terminal, answer);
    const created = parseAnswer(EnrolmentTokenCreated, answer);
    await remark(terminal, `valid once, until ${formatInstant(created.expiresAtMs)}; type this on the host:`);
    await write(terminal.stdout, `${created.command}\n`);
  });
}

function list(terminal: Terminal): Command {
  return listCommand<typeof EnrolmentToken, { phase?: EnrolmentTokenPhase[] }>({
    terminal,
    summary: "List enrolment tokens, the newest first.",
    path: "/api/v1/enrolment-tokens",
    row: EnrolmentToken,
    sort: { field: "id", order: "DESC" },
    whenEmpty: "no enrolment token",
    options: (command) =>
      command.option(
        "--phase <PHASE>",
        `only these phases: ${EnrolmentTokenPhase.options.join(", ")}`,
        someOf(EnrolmentTokenPhase.options),
      ),
    filter: (flags) => ({ phase: flags.phase }),
    columns: [
      { heading: "ID", cell: (token) => String(token.id), align: "right" },
      { heading: "PHASE", cell: (token) => token.phase },
      { heading: "FOR HOST", cell: (token) => printable(token.hostName ?? "any") },
      { heading: "USED BY", cell: (token) => printable(token.usedByHostName ?? "-") },
      { heading: "EXPIRES", cell: (token) => formatInstant(token.expiresAtMs) },
      { heading: "CREATED BY", cell: (token) => printable(token.createdByName) },
    ],
  });
}
