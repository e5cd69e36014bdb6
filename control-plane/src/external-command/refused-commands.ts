import { NotAllowedError } from "../error/index.ts";
import type { ActionCommand, CommandTable } from "./command-definition.ts";

/** Commands that are known and not carried out, each with the reason. */
export const refusedCommands: CommandTable = {
  PROCESS_FILE: refusing("a command does not name files of this machine; write the commands to the command file"),
  RESTART_PROGRAM: refusing("MyCloud is restarted by its service manager; changes need no restart"),
  SHUTDOWN_PROGRAM: refusing("MyCloud is stopped by its service manager"),
  SAVE_STATE_INFORMATION: refusing("every state is in the database already"),
  READ_STATE_INFORMATION: refusing("every state is in the database already"),
};

function refusing(reason: string): ActionCommand {
  return {
    fields: ["anything?"],
    run: async () => {
      throw new NotAllowedError(reason);
    },
  };
}
