import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import type { Verb } from "@mycloud/backup/storage-server";
import { Command, Option } from "commander";
import {
  addExamples,
  CommandError,
  commandGroup,
  durationMs,
  flagsOf,
  formatInstant,
  printJson,
  remark,
  resolveFrom,
  someOf,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { makeDirectory } from "./make-directory.ts";
import { credentialVerbs } from "./password.ts";
import { sizeValue } from "./size-value.ts";
import { addStateOption, reporting, storageState } from "./storage-state.ts";

/** `mycloud storage token create|revoke`. */
export function createTokenVerbs(terminal: Terminal): Command {
  return commandGroup("token", "Capability tokens: signed, for one repository, with an end.", [
    tokenCreate(terminal),
    tokenRevoke(terminal),
  ]);
}

interface CreateFlags {
  readonly verb?: Verb[];
  readonly quota?: number;
  readonly for: number;
  readonly subject?: string;
  readonly key?: string;
  readonly json?: boolean;
}

function tokenCreate(terminal: Terminal): Command {
  const command = new Command("create")
    .description("Sign a token and print it; MYCLOUD_REST_TOKEN_FILE names the file a client reads it from.")
    .argument("<REPOSITORY>", "its name, name/* for all below a name, or * for all")
    .option(
      "--verb <VERB>",
      `what it allows: ${credentialVerbs.join(", ")} (default read,append)`,
      someOf(credentialVerbs),
    )
    .option("--quota <SIZE>", "bytes the repository may hold, e.g. 500G; 0 is unlimited", sizeValue)
    .addOption(new Option("--for <DURATION>", "valid this long").argParser(durationMs).default(90 * 86_400_000, "90d"))
    .option("--subject <NAME>", "who it is for; shown in the server's log")
    .option("--key <FILE>", "sign with this key (default: the one in the state directory)")
    .option("--json", "print JSON");
  addStateOption(command);
  addExamples(command, [
    ["mycloud storage token create web1 --for 365d > web1.token", "may read and append for a year"],
  ]);
  return command.action(async (repository: string) => {
    const flags = flagsOf<CreateFlags>(command);
    const state = storageState(command, terminal);
    await reporting(async () => {
      const { createSigningKey, defaultPasswordVerbs, mintCapability } = await import("@mycloud/backup/storage-server");
      const privateKeyFile =
        flags.key === undefined ? state.signingKeyFile : resolveFrom(terminal.workingDirectory, flags.key);
      if (flags.key === undefined && !existsSync(privateKeyFile)) {
        await makeDirectory(state.directory);
        await createSigningKey(privateKeyFile, state.publicKeyFile);
      }
      const { token, id } = await mintCapability({
        privateKeyFile,
        repository,
        verbs: flags.verb ?? defaultPasswordVerbs,
        ...(flags.quota === undefined ? {} : { quotaBytes: flags.quota }),
        ...(flags.subject === undefined ? {} : { subject: flags.subject }),
        lifetimeMs: flags.for,
        now: terminal.now,
      });
      const expiresAtMs = terminal.now() + flags.for;
      if (flags.json) return printJson(terminal, { id, token, expires: new Date(expiresAtMs).toISOString() });
      await remark(terminal, `token ${id} for ${repository}, valid until ${formatInstant(expiresAtMs)}:`);
      await write(terminal.stdout, `${token}\n`);
    });
  });
}

function tokenRevoke(terminal: Terminal): Command {
  const command = new Command("revoke")
    .description("Refuse a token from now on.")
    .argument("<ID>", "its id, as create printed it")
    .option("--json", "print JSON");
  addStateOption(command);
  return command.action(async (id: string) => {
    if (!/^[\w.-]{1,200}$/.test(id)) throw new CommandError("input", `"${id}" is no id of a token`);
    const state = storageState(command, terminal);
    await makeDirectory(state.directory);
    await appendFile(state.revokedTokensFile, `${id}\n`, { mode: 0o600 });
    if (flagsOf(command).json) return printJson(terminal, { revoked: id });
    await remark(terminal, `token ${id} is refused from now on`);
  });
}
