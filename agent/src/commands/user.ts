import { Role, User, type UserCreate } from "@mycloud/protocol/user";
import { Command } from "commander";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addInstanceOptions,
  commandGroup,
  flagsOf,
  formatInstant,
  oneOf,
  printable,
  printJson,
  remark,
  type Terminal,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";
import { readPassword } from "./read-password.ts";

/** `mycloud user list|create`. */
export function createUserCommand(terminal: Terminal): Command {
  return commandGroup("user", "People who may use the console.", [list(terminal), create(terminal)]);
}

function list(terminal: Terminal): Command {
  return listCommand({
    terminal,
    summary: "List users.",
    path: "/api/v1/users",
    row: User,
    sort: { field: "email", order: "ASC" },
    whenEmpty: "no user",
    columns: [
      { heading: "E-MAIL", cell: (user) => user.email },
      { heading: "NAME", cell: (user) => printable(user.name) },
      { heading: "ROLE", cell: (user) => user.role },
      { heading: "CUSTOMER", cell: (user) => user.customer ?? "-" },
      { heading: "DISABLED", cell: (user) => (user.isDisabled ? "yes" : "no") },
      { heading: "LAST LOGIN", cell: (user) => formatInstant(user.lastLoginAtMs) },
    ],
  });
}

interface CreateFlags {
  readonly name?: string;
  readonly role: Role;
  readonly customer?: string;
  readonly passwordFile?: string;
}

function create(terminal: Terminal): Command {
  const command = new Command("create")
    .description("Create a user.")
    .argument("<EMAIL>", "the address to log in with")
    .option("--name <NAME>", "the person's name; by default the address")
    .option("--role <ROLE>", `one of ${Role.options.join(", ")}`, oneOf(Role.options), "viewer")
    .option("--customer <NAME>", "sees this customer's hosts only")
    .option("--password-file <FILE>", "reads the password's first line from FILE instead of asking");
  addInstanceOptions(command);
  return command.action(async (email: string) => {
    const flags = flagsOf<CreateFlags>(command);
    const client = await connect(terminal, flags);
    const body: UserCreate = {
      email,
      name: flags.name ?? email,
      role: flags.role,
      customer: flags.customer ?? null,
      isDisabled: false,
      password: await readPassword(terminal, flags.passwordFile, `Password for ${email}: `),
    };
    const answer = await client.request("POST", "/api/v1/users", { body });
    if (flags.json) return printJson(terminal, answer);
    const user = parseAnswer(User, answer);
    await remark(terminal, `created ${user.role} ${user.email}`);
  });
}
