import type { Verb } from "@mycloud/backup/storage-server";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  commandGroup,
  flagsOf,
  formatInstant,
  printJson,
  printTable,
  remark,
  someOf,
  type Terminal,
} from "../../command-line/index.ts";
import { newPassword } from "../repo/repository-password.ts";
import { formatSize } from "../repo/size-text.ts";
import { makeDirectory } from "./make-directory.ts";
import { sizeValue } from "./size-value.ts";
import { addStateOption, reporting, storageState } from "./storage-state.ts";

/** The verbs a credential may have. */
export const credentialVerbs = ["read", "append", "delete", "maintain"] as const satisfies readonly Verb[];

/** `mycloud storage password set|list|remove`. */
export function createPasswordVerbs(terminal: Terminal): Command {
  return commandGroup("password", "Users for stock restic clients: name and password.", [
    passwordSet(terminal),
    passwordList(terminal),
    passwordRemove(terminal),
  ]);
}

interface SetFlags {
  readonly verb?: Verb[];
  readonly quota?: number;
  readonly passwordFile?: string;
  readonly json?: boolean;
}

function passwordSet(terminal: Terminal): Command {
  const command = new Command("set")
    .description("Set a user's password for a repository; asks for it on a terminal.")
    .argument("<REPOSITORY>", "its name, name/* for all below a name, or * for all")
    .argument("<USER>", "the user's name")
    .option(
      "--verb <VERB>",
      `what the user may do: ${credentialVerbs.join(", ")} (default read,append)`,
      someOf(credentialVerbs),
    )
    .option("--quota <SIZE>", "bytes the repository may hold, e.g. 500G; 0 is unlimited", sizeValue)
    .option("--password-file <FILE>", "read the password from this file")
    .option("--json", "print JSON");
  addStateOption(command);
  addExamples(command, [
    ["mycloud storage password set web1 web1", "may read and append, delete nothing"],
    ["mycloud storage password set web1 office --verb read,append,delete", "may also forget and prune"],
  ]);
  return command.action(async (repository: string, user: string) => {
    const flags = flagsOf<SetFlags>(command);
    const state = storageState(command, terminal);
    await reporting(async () => {
      const password = await newPassword(terminal, flags.passwordFile, `Password for ${user}: `);
      await makeDirectory(state.directory);
      const { setPassword } = await import("@mycloud/backup/storage-server");
      await setPassword({
        file: state.passwordFile,
        repository,
        user,
        password,
        ...(flags.verb === undefined ? {} : { verbs: flags.verb }),
        ...(flags.quota === undefined ? {} : { quotaBytes: flags.quota }),
        now: terminal.now,
      });
      if (flags.json) return printJson(terminal, { set: { repository, user } });
      await remark(
        terminal,
        `${user} may use ${repository} from now on; restic -r rest:http://${user}@HOST:8081/${repository.replace(/\/?\*$/, "NAME")}/`,
      );
    });
  });
}

function passwordList(terminal: Terminal): Command {
  const command = new Command("list")
    .description("List users and what they may do (never passwords).")
    .argument("[REPOSITORY]", "only of this one")
    .option("--json", "print JSON");
  addStateOption(command);
  return command.action(async (repository: string | undefined) => {
    await reporting(async () => {
      const { listPasswords } = await import("@mycloud/backup/storage-server");
      const entries = await listPasswords(storageState(command, terminal).passwordFile, repository);
      if (flagsOf(command).json) return printJson(terminal, entries);
      await printTable(
        terminal,
        [
          { heading: "REPOSITORY", cell: (entry) => entry.repository },
          { heading: "USER", cell: (entry) => entry.user },
          { heading: "VERBS", cell: (entry) => entry.verbs.join(",") },
          {
            heading: "QUOTA",
            cell: ({ quotaBytes }) =>
              quotaBytes === undefined ? "" : quotaBytes === 0 ? "unlimited" : formatSize(quotaBytes),
            align: "right",
          },
          { heading: "SINCE", cell: (entry) => formatInstant(entry.createdAtMs) },
        ],
        entries,
        "no user; mycloud storage password set REPOSITORY USER makes one",
      );
    });
  });
}

function passwordRemove(terminal: Terminal): Command {
  const command = new Command("remove")
    .description("Remove a user of a repository.")
    .argument("<REPOSITORY>", "as it was set")
    .argument("<USER>", "the user's name")
    .option("--json", "print JSON");
  addStateOption(command);
  return command.action(async (repository: string, user: string) => {
    await reporting(async () => {
      const { removePassword } = await import("@mycloud/backup/storage-server");
      const isRemoved = await removePassword({ file: storageState(command, terminal).passwordFile, repository, user });
      if (!isRemoved) throw new CommandError("notFound", `there is no user ${user} of ${repository}`);
      if (flagsOf(command).json) return printJson(terminal, { removed: { repository, user } });
      await remark(terminal, `${user} may not use ${repository} any more`);
    });
  });
}
