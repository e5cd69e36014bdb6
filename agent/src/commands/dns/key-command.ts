import { storedFields } from "@mycloud/protocol/definition";
import { TsigKeyCreated, TsigKeyInput } from "@mycloud/protocol/dns-zone";
import { TsigAlgorithm } from "@mycloud/protocol/name-server";
import { Command, Option } from "commander";
import { connect, listAll, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  commandGroup,
  flagsOf,
  formatInstant,
  printJson,
  remark,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { confirm } from "../confirm.ts";
import { listCommand } from "../list-command.ts";

/** `mycloud dns key create|list|delete`. */
export function createKeyCommand(terminal: Terminal): Command {
  return commandGroup("key", "TSIG keys for transfers, NOTIFY and UPDATE.", [
    create(terminal),
    list(terminal),
    remove(terminal),
  ]);
}

const StoredKey = TsigKeyInput.extend(storedFields);

function create(terminal: Terminal): Command {
  const command = new Command("create")
    .description("Make a TSIG key and print it as BIND's tools read it; its secret is shown this once.")
    .argument("<NAME>", "its name, such as transfer.example.org")
    .addOption(
      new Option("--algorithm <NAME>", "how messages are signed").choices(TsigAlgorithm.options).default("hmac-sha256"),
    )
    .option("--replace", "give a key that exists a new secret");
  addInstanceOptions(command);
  addExamples(command, [["mycloud dns key create acme.example.org > acme.key", "for nsupdate -k acme.key"]]);
  return command.action(async (name: string) => {
    const flags = flagsOf<{ algorithm: string; replace?: boolean }>(command);
    const client = await connect(terminal, flags);
    const body = { name, algorithm: flags.algorithm, replace: flags.replace === true };
    const answer = await client.request("POST", "/api/v1/dns/keys", { body });
    if (flags.json) return printJson(terminal, answer);
    const key = parseAnswer(TsigKeyCreated, answer);
    await remark(terminal, `key ${key.name}; keep it now, its secret is not shown again:`);
    await write(terminal.stdout, `key "${key.name}" {\n\talgorithm ${key.algorithm};\n\tsecret "${key.secret}";\n};\n`);
  });
}

function list(terminal: Terminal): Command {
  return listCommand({
    terminal,
    summary: "List TSIG keys (never their secrets).",
    path: "/api/v1/tsig-keys",
    row: StoredKey,
    sort: { field: "name", order: "ASC" },
    whenEmpty: "no key",
    columns: [
      { heading: "KEY", cell: ({ name }) => name },
      { heading: "ALGORITHM", cell: ({ algorithm }) => algorithm },
      { heading: "CHANGED", cell: ({ updatedAtMs }) => formatInstant(updatedAtMs) },
    ],
  });
}

function remove(terminal: Terminal): Command {
  const command = new Command("delete")
    .description("Delete a TSIG key: what is signed with it is refused from now on.")
    .argument("<NAME>", "its name")
    .option("-y, --yes", "do not ask");
  addInstanceOptions(command);
  return command.action(async (name: string) => {
    const flags = flagsOf<{ yes?: boolean }>(command);
    const client = await connect(terminal, flags);
    const { rows } = await listAll(client, "/api/v1/tsig-keys", { limit: 1, filter: { name } });
    if (rows.length === 0) throw new CommandError("notFound", `there is no TSIG key ${name}`);
    const { id } = parseAnswer(StoredKey, rows[0]);
    if (!flags.yes && !(await confirm(terminal, `delete the key ${name}?`)))
      return remark(terminal, "nothing was deleted");
    await client.request("DELETE", `/api/v1/tsig-keys/${id}`);
    if (flags.json) return printJson(terminal, { deleted: { id, name } });
    await remark(terminal, `key ${name} is deleted`);
  });
}
