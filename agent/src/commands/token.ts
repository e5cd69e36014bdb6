import { ApiToken, ApiTokenCreated, type ApiTokenInput, TokenScope } from "@mycloud/protocol/api-token";
import { Command, Option } from "commander";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  commandGroup,
  durationMs,
  flagsOf,
  formatAge,
  formatInstant,
  printable,
  printJson,
  remark,
  someOf,
  type Terminal,
  wholeNumber,
  write,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

/** `mycloud token create|list|revoke`. */
export function createTokenCommand(terminal: Terminal): Command {
  return commandGroup("token", "API tokens for programs.", [create(terminal), list(terminal), revoke(terminal)]);
}

interface CreateFlags {
  readonly scope: TokenScope[];
  readonly customer?: string;
  readonly for: number;
  readonly forever?: boolean;
}

function create(terminal: Terminal): Command {
  const command = new Command("create")
    .description("Create an API token and print it; it is shown this once.")
    .argument("<NAME>", "what it is for")
    .requiredOption("--scope <SCOPE>", `one or more of ${TokenScope.options.join(", ")}`, someOf(TokenScope.options))
    .option("--customer <NAME>", "sees this customer's hosts only")
    .addOption(new Option("--for <DURATION>", "valid this long").argParser(durationMs).default(90 * 86_400_000, "90d"))
    .option("--forever", "does not expire");
  addInstanceOptions(command);
  addExamples(command, [["mycloud token create backup-server --scope ingest --for 365d", "may only submit results"]]);
  return command.action(async (name: string) => {
    const flags = flagsOf<CreateFlags>(command);
    const body: ApiTokenInput = {
      name,
      scopes: flags.scope,
      customer: flags.customer ?? null,
      lifetimeSeconds: flags.forever ? null : Math.round(flags.for / 1000),
    };
    const client = await connect(terminal, flags);
    const answer = await client.request("POST", "/api/v1/api-tokens", { body });
    if (flags.json) return printJson(terminal, answer);
    const created = parseAnswer(ApiTokenCreated, answer);
    const until =
      created.expiresAtMs === null ? "does not expire" : `valid until ${formatInstant(created.expiresAtMs)}`;
    await remark(terminal, `token ${created.id} (${created.name}), ${until}; keep it now, it is not shown again:`);
    await write(terminal.stdout, `${created.token}\n`);
  });
}

function list(terminal: Terminal): Command {
  return listCommand({
    terminal,
    summary: "List API tokens (never the tokens themselves).",
    path: "/api/v1/api-tokens",
    row: ApiToken,
    sort: { field: "id", order: "ASC" },
    whenEmpty: "no token",
    columns: [
      { heading: "ID", cell: (token) => String(token.id), align: "right" },
      { heading: "NAME", cell: (token) => printable(token.name) },
      { heading: "PREFIX", cell: (token) => token.prefix },
      { heading: "SCOPES", cell: (token) => token.scopes.join(",") },
      { heading: "EXPIRES", cell: (token) => formatInstant(token.expiresAtMs) },
      { heading: "USED", cell: (token) => formatAge(token.lastUsedAtMs, terminal.now()), align: "right" },
    ],
  });
}

function revoke(terminal: Terminal): Command {
  const command = new Command("revoke")
    .description("Revoke an API token: from now on it is refused.")
    .argument("<ID>", "its number, as mycloud token list shows it", wholeNumber(1, Number.MAX_SAFE_INTEGER));
  addInstanceOptions(command);
  return command.action(async (id: number) => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    await client.request("DELETE", `/api/v1/api-tokens/${id}`);
    if (flags.json) return printJson(terminal, { revoked: { id } });
    await remark(terminal, `token ${id} revoked`);
  });
}
