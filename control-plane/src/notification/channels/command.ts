import { renderText } from "../mail/render-text.ts";
import type { ChannelMessage, ChannelSender } from "./channel.ts";
import { argumentMacros, type MacroFacts, macroEnvironment, nagiosMacros, replaceMacros } from "./nagios-macros.ts";
import { runCommand } from "./run-command.ts";

export interface CommandSenderDependencies {
  /** The only place programs are taken from. */
  readonly directory: string;
  /** What macros need beyond the message. */
  readonly findFacts: (message: ChannelMessage) => Promise<MacroFacts>;
  readonly now: () => number;
}

export function createCommandSender({
  directory,
  findFacts,
  now,
}: CommandSenderDependencies): ChannelSender<"command"> {
  return {
    batchSize: 1,
    async send(channel, messages, signal) {
      for (const message of messages) {
        const macros = nagiosMacros(message, await findFacts(message), now());
        const values = channel.arguments.map((argument) => replaceMacros(argument, macros));
        const run = {
          program: channel.program,
          arguments: values,
          environment: macroEnvironment({ ...macros, ...argumentMacros(values) }),
          input: renderText(message.facts),
          timeoutMs: channel.timeoutSeconds * 1000,
        };
        await runCommand(directory, run, signal);
      }
    },
  };
}
