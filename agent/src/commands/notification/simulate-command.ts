import { SimulatedState, SimulationAnswer } from "@mycloud/protocol/notification";
import { Command } from "commander";
import { connect, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  flagsOf,
  oneOf,
  paintFor,
  parseInstantMs,
  printJson,
  type Terminal,
  wholeNumber,
  write,
} from "../../command-line/index.ts";
import { describeSimulation } from "./describe-simulation.ts";

interface SimulateFlags {
  readonly service?: string;
  readonly host?: string;
  readonly state: SimulatedState;
  readonly at?: string;
  readonly hours: number;
}

/** `mycloud notification simulate`. */
export function createSimulateCommand(terminal: Terminal): Command {
  const command = new Command("simulate")
    .description("Say who would be told when, by which rule, escalation, on-call turn and channel; or why nobody.")
    .option("--service <HOST/SERVICE>", "the service that goes bad")
    .option("--host <HOST>", "the host that goes bad")
    .requiredOption("--state <STATE>", SimulatedState.options.join(", "), oneOf(SimulatedState.options))
    .option("--at <TIME>", "when: 2026-01-02T03:00Z, or 2h for two hours from now (default: now)")
    .option("--hours <N>", "how long it lasts", wholeNumber(1, 744), 24);
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud notification simulate --service db1/disk --state CRITICAL --at 2026-11-29T03:00Z", "on a Sunday night"],
    ["mycloud notification simulate --host web1 --state DOWN --hours 2", "who hears of it in two hours"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<SimulateFlags>(command);
    const { host, service } = objectOf(flags);
    const atMs = flags.at === undefined ? undefined : parseInstantMs(flags.at, terminal.now());
    if (flags.at !== undefined && atMs === undefined) {
      throw new CommandError("usage", `--at is "${flags.at}"; write a time such as 2026-01-02T03:00Z, or 2h`);
    }
    const client = await connect(terminal, flags);
    const query = new URLSearchParams({ host, state: flags.state, hours: String(flags.hours) });
    if (service !== null) query.set("service", service);
    if (atMs !== undefined) query.set("atMs", String(atMs));
    const answer = await client.request("GET", `/api/v1/notifications/simulate?${query}`);
    if (flags.json) return printJson(terminal, answer);
    await write(terminal.stdout, describeSimulation(parseAnswer(SimulationAnswer, answer), paintFor(terminal)));
  });
}

function objectOf({ host, service }: SimulateFlags): { host: string; service: string | null } {
  if ((host === undefined) === (service === undefined)) {
    throw new CommandError("usage", "name either --service HOST/SERVICE or --host HOST");
  }
  if (service === undefined) return { host: host ?? "", service: null };
  const slash = service.indexOf("/");
  if (slash <= 0) throw new CommandError("usage", `--service is "${service}"; write HOST/SERVICE`);
  return { host: service.slice(0, slash), service: service.slice(slash + 1) };
}
