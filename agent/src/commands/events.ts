import { ConsoleEvent } from "@mycloud/protocol/event";
import { Command } from "commander";
import { createParser } from "eventsource-parser";
import { connect } from "../client/index.ts";
import {
  addInstanceOptions,
  CommandError,
  flagsOf,
  formatInstant,
  type Terminal,
  write,
} from "../command-line/index.ts";

/** `mycloud events`: follows the event stream until interrupted. */
export function createEventsCommand(terminal: Terminal): Command {
  const command = new Command("events").description(
    "Follow what changes, a line each, until interrupted: which kind of thing, and the ids of what changed.",
  );
  addInstanceOptions(command);
  return command.action(async () => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const headers = { accept: "text/event-stream" };
    const response = await client.open("/api/v1/events", { headers, signal: terminal.signal });
    const lines: string[] = [];
    const parser = createParser({
      onEvent: (event) => {
        const parsed = ConsoleEvent.safeParse(JSON.parse(event.data));
        if (parsed.success) lines.push(flags.json ? JSON.stringify(parsed.data) : describe(parsed.data));
      },
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        for (const line of lines.splice(0)) await write(terminal.stdout, `${line}\n`);
      }
    } catch (error) {
      if (terminal.signal.aborted) return;
      throw new CommandError("unavailable", "the connection to the control plane was lost", { cause: error });
    }
    if (!terminal.signal.aborted) throw new CommandError("unavailable", "the control plane closed the connection");
  });
}

function describe(event: ConsoleEvent): string {
  const ids = event.ids === null ? "many" : event.ids.join(" ");
  return `${formatInstant(event.atMs)}  ${event.type.padEnd(13)}  ${ids}`.trimEnd();
}
