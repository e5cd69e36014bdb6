import { userInfo } from "node:os";
import { Command } from "commander";
import {
  addExamples,
  commandGroup,
  flagsOf,
  formatAge,
  formatInstant,
  printable,
  printJson,
  printTable,
  type Terminal,
} from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { newPassword } from "./repository-password.ts";
import { thisHost } from "./snapshot-options.ts";
import { shortId } from "./snapshot-table.ts";
import { tellOutcome } from "./tell-outcome.ts";
import { withRepository } from "./with-repository.ts";

/** `mycloud repo key add|list|remove|passwd`. */
export function createKeyVerb(terminal: Terminal): Command {
  return commandGroup("key", "The passwords that open a repository.", [
    keyAdd(terminal),
    keyList(terminal),
    keyRemove(terminal),
    keyPasswd(terminal),
  ]);
}

interface NewKeyFlags extends RepositoryFlags {
  readonly newPasswordFile?: string;
  readonly user?: string;
  readonly host?: string;
}

function keyAdd(terminal: Terminal): Command {
  const command = new Command("add")
    .description("Add a password; the others stay valid.")
    .option("--new-password-file <FILE>", "read the new password from this file")
    .option("--user <NAME>", "who it is for (default: you)")
    .option("--host <HOST>", "the host it is for (default: this one)");
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo key add --new-password-file safe.txt --user safe --host office", "for the safe"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<NewKeyFlags>(command);
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const password = await newPassword(terminal, flags.newPasswordFile, "New password: ");
      const owner =
        flags.user === undefined && flags.host === undefined
          ? undefined
          : { username: flags.user ?? userInfo().username, hostname: flags.host ?? thisHost(terminal.environment) };
      const id = await engine.key.addKey(repository, password, {
        now: terminal.now,
        signal: terminal.signal,
        ...(owner === undefined ? {} : { owner }),
      });
      await tellOutcome(terminal, settings, { json: { added: id }, text: `key ${shortId(id)} added` });
    });
  });
}

function keyList(terminal: Terminal): Command {
  const command = new Command("list").description("List keys: who they are for, and which one opened the repository.");
  addRepositoryOptions(command);
  return command.action(async () => {
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const keys = await engine.key.listKeys(repository, terminal.signal);
      if (settings.isJson) {
        const shown = keys.map(({ id, isCurrent, username, hostname, created }) => ({
          current: isCurrent,
          id,
          userName: username,
          hostName: hostname,
          created,
        }));
        return printJson(terminal, shown);
      }
      await printTable(
        terminal,
        [
          { heading: "", cell: ({ isCurrent }) => (isCurrent ? "*" : "") },
          { heading: "ID", cell: ({ id }) => shortId(id) },
          { heading: "USER", cell: ({ username }) => printable(username) },
          { heading: "HOST", cell: ({ hostname }) => printable(hostname) },
          { heading: "CREATED", cell: ({ created }) => formatInstant(Date.parse(created)) },
          { heading: "AGE", cell: ({ created }) => formatAge(Date.parse(created), terminal.now()), align: "right" },
        ],
        keys,
        "no key",
      );
    });
  });
}

function keyRemove(terminal: Terminal): Command {
  const command = new Command("remove")
    .description("Remove a key: its password opens nothing any more. The key in use cannot be removed.")
    .argument("<KEY>", "its id, or the beginning of it");
  addRepositoryOptions(command);
  return command.action(async (wanted: string) => {
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const id = await engine.key.removeKey(repository, wanted, terminal.signal);
      await tellOutcome(terminal, settings, { json: { removed: id }, text: `key ${shortId(id)} removed` });
    });
  });
}

function keyPasswd(terminal: Terminal): Command {
  const command = new Command("passwd")
    .description("Change the password that was used: a new key in place of its own.")
    .option("--new-password-file <FILE>", "read the new password from this file");
  addRepositoryOptions(command);
  return command.action(async () => {
    const flags = flagsOf<NewKeyFlags>(command);
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const password = await newPassword(terminal, flags.newPasswordFile, "New password: ");
      const id = await engine.key.changePassword(repository, password, { now: terminal.now, signal: terminal.signal });
      const text = `password changed; the key is ${shortId(id)} now`;
      await tellOutcome(terminal, settings, { json: { added: id, removed: repository.keyId }, text });
    });
  });
}

async function loadEngine() {
  return { key: await import("@mycloud/backup/key") };
}
