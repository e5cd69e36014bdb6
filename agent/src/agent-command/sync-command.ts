import { Command } from "commander";
import { addExamples, CommandError, flagsOf, printJson, remark, type Terminal } from "../command-line/index.ts";
import { askLocalAgent, type LocalAnswer } from "../local-socket/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import { addAgentOptions, agentSettings } from "./agent-settings.ts";

interface SyncFlags {
  readonly policy?: readonly string[];
  readonly json?: boolean;
}

/** `mycloud agent sync`: what `mycloud-sync.timer` runs. */
export function createAgentSyncCommand(terminal: Terminal): Command {
  const command = new Command("sync").description(
    "have this host's running agent begin its backups now, without a login: those whose policies leave their timing to a timer (timing: timer), or those that are named",
  );
  addAgentOptions(command, ["stateDirectory"])
    .option(
      "--policy <name>",
      "only this policy's, whatever its timing; may be given several times",
      (name, names: readonly string[] = []) => [...names, name],
    )
    .option("--json", "print JSON");
  addExamples(command, [
    ["mycloud agent sync", "as mycloud-sync.timer does"],
    ["mycloud agent sync --policy home", "before something risky"],
  ]);
  return command.action(async () => {
    const { stateDirectory } = await agentSettings(command, terminal);
    const { policy = [], json = false } = flagsOf<SyncFlags>(command);
    const answer = await ask(agentPaths(stateDirectory).socket, policy, terminal);
    if (json) await printJson(terminal, answer);
    else await tell(answer, terminal);
    const [unknown] = answer.unknown;
    if (unknown !== undefined) throw new CommandError("notFound", `no policy "${unknown}" backs this host up`);
  });
}

async function ask(socket: string, policies: readonly string[], { signal }: Terminal): Promise<LocalAnswer> {
  try {
    return await askLocalAgent(socket, { ask: "sync", policies: [...policies] }, signal);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EACCES" || code === "EPERM") {
      throw new CommandError("notAllowed", `only root and the agent's own user may ask it (${socket})`);
    }
    const why = code === "ENOENT" || code === "ECONNREFUSED" ? "no agent runs here" : String(error);
    throw new CommandError("unavailable", `${why} (${socket})`);
  }
}

async function tell({ jobs, unknown }: LocalAnswer, terminal: Terminal): Promise<void> {
  for (const { policyName, refusal } of jobs) {
    await remark(terminal, refusal === null ? `${policyName}: a backup begins` : `${policyName}: ${refusal}`);
  }
  if (jobs.length + unknown.length > 0) return;
  await remark(terminal, "no policy leaves its timing to a timer; the agent backs up by their own schedules");
}
