import { NotAllowedError } from "../error/index.ts";
import type { ActionCommand, CommandTable } from "./command-definition.ts";

const restarting = "MyCloud is restarted and stopped by its service manager; changes need no restart";
const stored = "every state is in the database already";
const obsessing = "results are passed on by Forward definitions, not by an obsessive command";
const freshness = "silence is always noticed; leave out freshnessSeconds of what may be silent";
const perfdata = "performance data is always kept";
const executing = "what is executed is said by definitions and allowed by the agent's policy, not by a command";
const telling = "when somebody is told of it is said by the notification rules that cover it";

/** Commands that are known and not carried out, each with the reason. */
export const refusedCommands: CommandTable = {
  PROCESS_FILE: refusing("a command does not name files of this machine; write the commands to the command file"),
  ...refusingAll(restarting, ["RESTART_PROGRAM", "RESTART_PROCESS", "SHUTDOWN_PROGRAM", "SHUTDOWN_PROCESS"]),
  ...refusingAll(stored, ["SAVE_STATE_INFORMATION", "READ_STATE_INFORMATION"]),
  ...refusingAll(
    obsessing,
    ["HOST", "SVC", "HOST_CHECKS", "SVC_CHECKS"].flatMap((what) => [
      `START_OBSESSING_OVER_${what}`,
      `STOP_OBSESSING_OVER_${what}`,
    ]),
  ),
  ...refusingAll(
    freshness,
    ["HOST", "SERVICE"].flatMap((what) => [`ENABLE_${what}_FRESHNESS_CHECKS`, `DISABLE_${what}_FRESHNESS_CHECKS`]),
  ),
  ...refusingAll(perfdata, ["ENABLE_PERFORMANCE_DATA", "DISABLE_PERFORMANCE_DATA"]),
  ...refusingAll(
    executing,
    ["HOST", "SVC"].flatMap((what) => [
      `CHANGE_${what}_CHECK_COMMAND`,
      `CHANGE_${what}_EVENT_HANDLER`,
      `CHANGE_GLOBAL_${what}_EVENT_HANDLER`,
    ]),
  ),
  ...refusingAll(telling, ["CHANGE_HOST_NOTIFICATION_TIMEPERIOD", "CHANGE_SVC_NOTIFICATION_TIMEPERIOD"]),
};

function refusingAll(reason: string, names: readonly string[]): CommandTable {
  return Object.fromEntries(names.map((name) => [name, refusing(reason)]));
}

function refusing(reason: string): ActionCommand {
  return {
    fields: ["anything?"],
    refusal: reason,
    run: async () => {
      throw new NotAllowedError(reason);
    },
  };
}
