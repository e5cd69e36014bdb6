import { BackupRepository, RecoveryKit } from "@mycloud/protocol/backup-repository";
import { type RecoveryKitParts, recoveryKitParts, recoveryKitText } from "@mycloud/protocol/recovery-kit";
import { Command } from "commander";
import { z } from "zod";
import { readPrivateKeys } from "../backup-job/private-key.ts";
import { connect, listAll, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  defaultStateDirectory,
  flagsOf,
  printJson,
  resolveFrom,
  type Terminal,
  write,
} from "../command-line/index.ts";
import { agentPaths } from "../state-directory/index.ts";

/** `mycloud recovery-kit [HOST/POLICY]`. */
export function createRecoveryKitCommand(terminal: Terminal): Command {
  const command = new Command("recovery-kit")
    .description(
      "Print what to type into stock restic to get everything back with no MyCloud at all: of a host's repository, or, without one, of this host's private repositories, whose keys are nowhere else.",
    )
    .argument("[HOST/POLICY]", "whose repository; the control plane is asked, which keeps the keys of managed ones");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud recovery-kit > kit.txt", "on a host with a private repository: print it and keep it elsewhere"],
    ["mycloud recovery-kit web1/home", "of a managed repository; takes an administrator's token"],
  ]);
  return command.action(async (subject: string | undefined) => {
    const flags = flagsOf<{ stateDir?: string }>(command);
    const kits =
      subject === undefined ? await ownKits(terminal, flags.stateDir) : [await kitOf(terminal, flags, subject)];
    if (flags.json) return printJson(terminal, kits);
    for (const kit of kits) await write(terminal.stdout, recoveryKitText(kit));
  });
}

async function ownKits(terminal: Terminal, stateDir: string | undefined): Promise<RecoveryKitParts[]> {
  const given = stateDir ?? (terminal.environment.MYCLOUD_STATE_DIR || undefined);
  const directory = given === undefined ? defaultStateDirectory() : resolveFrom(terminal.workingDirectory, given);
  const { backupKeys } = agentPaths(directory);
  const keys = await readPrivateKeys(backupKeys).catch((error: unknown) => {
    throw new CommandError("failed", error instanceof Error ? error.message : String(error), { cause: error });
  });
  if (keys.length === 0) {
    throw new CommandError(
      "notFound",
      `this host has no private repository (${backupKeys}); of a managed one: mycloud recovery-kit HOST/POLICY`,
    );
  }
  return keys.map(({ policyName, location, certificateAuthority, password }) => ({
    title: `policy ${policyName} of this host (private key)`,
    location,
    certificateAuthority,
    password,
    token: null,
    tokenExpiresAtMs: null,
  }));
}

async function kitOf(
  terminal: Terminal,
  flags: Parameters<typeof connect>[1],
  subject: string,
): Promise<RecoveryKitParts> {
  const slash = subject.indexOf("/");
  const [hostName, policyName] = [subject.slice(0, slash), subject.slice(slash + 1)];
  if (slash < 1 || policyName === "") throw new CommandError("usage", `"${subject}" is not HOST/POLICY`);
  const client = await connect(terminal, flags);
  const { rows } = await listAll(client, "/api/v1/backup-repositories", {
    filter: { hostName, policyName },
    limit: 1000,
  });
  const all = parseAnswer(z.array(BackupRepository), rows);
  const repository = all.find(({ isAssigned }) => isAssigned) ?? all[0];
  if (repository === undefined) {
    throw new CommandError("notFound", `there is no repository of host "${hostName}" and policy "${policyName}"`);
  }
  const answer = await client.request("POST", `/api/v1/backup-repositories/${repository.id}/recovery-kit`);
  return recoveryKitParts(parseAnswer(RecoveryKit, answer));
}
