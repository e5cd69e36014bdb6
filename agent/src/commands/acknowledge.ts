import { type AcknowledgementRequest, BulkAnswer } from "@mycloud/protocol/acknowledgement";
import { Command } from "commander";
import { connect, findHost, findService, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  flagsOf,
  parseInstantMs,
  printJson,
  remark,
  type Terminal,
} from "../command-line/index.ts";
import { splitServiceName } from "./service.ts";

/** `mycloud acknowledge HOST[/SERVICE] ...`. */
export function createAcknowledgeCommand(terminal: Terminal): Command {
  const command = new Command("acknowledge")
    .description("Acknowledge problems: somebody is on it, and nobody else is told until they are over.")
    .argument("<OBJECT...>", "HOST or HOST/SERVICE")
    .requiredOption("-m, --comment <TEXT>", "what is being done")
    .option("--until-change", "only until the state changes, also to another problem state")
    .option("--until-worse", "only until it gets worse than it is now")
    .option(
      "--until <WHEN>",
      "only until then, when you are told: +2h, or 2026-11-22T20:15 (local time unless it names a zone)",
    )
    .option("--quiet", "tell no contact about it");
  addInstanceOptions(command);
  addExamples(command, [["mycloud acknowledge web1/disk db1 -m 'new disk ordered'", "a service and a host"]]);
  return command.action(async (objects: string[]) => {
    const flags = flagsOf<{
      comment: string;
      untilChange?: boolean;
      untilWorse?: boolean;
      until?: string;
      quiet?: boolean;
    }>(command);
    const client = await connect(terminal, flags);
    const hostIds: number[] = [];
    const serviceIds: number[] = [];
    for (const object of objects) {
      if (object.includes("/")) {
        const { hostName, serviceName } = splitServiceName(object, undefined);
        serviceIds.push((await findService(client, hostName, serviceName)).service.id);
      } else hostIds.push((await findHost(client, object)).host.id);
    }
    const body: AcknowledgementRequest = {
      hostIds,
      serviceIds,
      comment: flags.comment,
      isSticky: flags.untilChange !== true,
      isUntilWorse: flags.untilWorse === true,
      expiresAtMs: untilMs(flags.until, terminal.now()),
      isNotified: flags.quiet !== true,
    };
    const answer = parseAnswer(BulkAnswer, await client.request("POST", "/api/v1/acknowledgements", { body }));
    if (flags.json) await printJson(terminal, answer);
    else await remark(terminal, `${answer.done.length} acknowledged`);
    if (answer.refused.length > 0) {
      throw new CommandError("failed", `${answer.refused.length} not acknowledged: ${answer.refused[0]?.message}`);
    }
  });
}

/** When an acknowledgement ends by itself; null when no time was given. Throws CommandError when it cannot be read. */
function untilMs(until: string | undefined, nowMs: number): number | null {
  if (until === undefined) return null;
  const atMs = parseInstantMs(until, nowMs);
  if (atMs !== undefined) return atMs;
  throw new CommandError("usage", `--until is "${until}"; write +2h or 2026-11-22T20:15`);
}
