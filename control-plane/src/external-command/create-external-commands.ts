import { IngestAnswer, type PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { ExternalCommandOutcome } from "@mycloud/protocol/external-command";
import type { Logger } from "pino";
import type { Acknowledgements } from "../acknowledgement/index.ts";
import type { CheckNow } from "../agent-command/index.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import { type AcceptCheckResults, acceptPassiveResults } from "../check-result/index.ts";
import type { Comments } from "../comment/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Downtimes } from "../downtime/index.ts";
import { DomainError } from "../error/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Operator } from "../operation/operator.ts";
import type { Switches } from "../operation/switch-settings.ts";
import { createAcknowledgementCommands } from "./acknowledgement-commands.ts";
import { createChangeCommands } from "./change-commands.ts";
import { createCheckCommands } from "./check-commands.ts";
import type { CommandContext, CommandTable } from "./command-definition.ts";
import { CommandFields } from "./command-fields.ts";
import { createCommentCommands } from "./comment-commands.ts";
import { createContactCommands } from "./contact-commands.ts";
import { createDowntimeCommands } from "./downtime-commands.ts";
import { createObjectFinder } from "./find-objects.ts";
import { createFlappingCommands } from "./flapping-commands.ts";
import { createNotificationCommands, type SendCustom } from "./notification-commands.ts";
import { parseCommandLine } from "./parse-command.ts";
import { refusedCommands } from "./refused-commands.ts";
import { resultCommands } from "./result-commands.ts";
import { createSwitchCommands } from "./switch-commands.ts";

export interface ExternalCommandsDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly changes: ChangeBus;
  readonly audit: AuditLog;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly acknowledgements: Acknowledgements;
  readonly downtimes: Downtimes;
  readonly comments: Comments;
  readonly checkNow: CheckNow;
  readonly switches: Switches;
  /** Absent where nobody can be told anything. */
  readonly sendCustom?: SendCustom;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Who gives commands. One that may not operate (a viewer) is refused every one of them. */
export interface CommandingOperator extends Operator {
  readonly mayOperate: boolean;
  /** Whether results of unknown hosts and services create them; not when absent. */
  readonly mayRegister?: boolean;
}

/** A command for its users: fields in their order, those that may be missing with a `?`; why it is never carried out, where that is so. */
export interface KnownCommand {
  readonly name: string;
  readonly fields: readonly string[];
  readonly refusal: string | null;
}

/** Carries out external commands. Neither method throws: what was not done is answered with its reason, and logged. */
export interface ExternalCommands {
  run(line: string, operator: CommandingOperator): Promise<ExternalCommandOutcome>;
  /** As `run`, one after the other in order; results that follow each other are stored together. */
  runAll(lines: readonly string[], operator: CommandingOperator): Promise<ExternalCommandOutcome[]>;
  /**
   * Stores passive results, in order and together; answers one outcome for each. With a batch id it is done once, however often it is asked (for
   * seven days). Unlike the others it throws UnavailableError, when nothing was stored and trying again later may help.
   */
  storeResults(
    results: readonly PassiveCheckResult[],
    operator: CommandingOperator,
    batchId?: string,
  ): Promise<ExternalCommandOutcome[]>;
  /** The commands that are known, by name, sorted. */
  readonly known: readonly KnownCommand[];
}

/** A result that waits for those after it, with its place among the lines. */
interface WaitingResult {
  readonly index: number;
  readonly item: PassiveCheckResult;
}

const resultsPerBatch = 5000;

export function createExternalCommands(dependencies: ExternalCommandsDependencies): ExternalCommands {
  const { database, logger, now } = dependencies;
  const find = createObjectFinder(dependencies);
  const commands: CommandTable = {
    ...resultCommands,
    ...createAcknowledgementCommands({ ...dependencies, find }),
    ...createDowntimeCommands({ ...dependencies, find }),
    ...createCommentCommands({ ...dependencies, find }),
    ...createCheckCommands({ ...dependencies, find }),
    ...createSwitchCommands({ ...dependencies, find }),
    ...createChangeCommands({ ...dependencies, find }),
    ...createContactCommands({ ...dependencies, find }),
    ...createFlappingCommands({ ...dependencies, find }),
    ...createNotificationCommands({ ...dependencies, find }),
    ...refusedCommands,
  };

  /** Answers the outcome, or the result to be stored with its neighbours. */
  async function start(
    line: string,
    operator: CommandingOperator,
  ): Promise<ExternalCommandOutcome | { readonly result: PassiveCheckResult }> {
    const parsed = parseCommandLine(line);
    if (!parsed.isCommand) return refused(parsed.message);
    const { name, rest, atMs } = parsed.command;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    // As Nagios does: nobody's command is worth stopping for.
    if (command === undefined) return refused(`unknown command ${name}, ignored`);
    if (!operator.mayOperate) return refused(`${operator.actor.name} may look, not command`);
    const nowMs = now();
    const context: CommandContext = { operator, atMs: atMs ?? nowMs, nowMs };
    const fields = new CommandFields(name, command.fields, rest);
    if ("toResult" in command) return { result: command.toResult(fields, context) };
    return { isDone: true, message: await command.run(fields, context) };
  }

  async function store(
    waiting: readonly WaitingResult[],
    { actor, scope, mayRegister = false }: CommandingOperator,
    batchId: string | null = null,
  ): Promise<(index: number) => ExternalCommandOutcome> {
    const answer = await acceptPassiveResults(dependencies, {
      parsed: { items: [...waiting], rejected: [] },
      scope,
      sender: `${actor.kind}:${actor.id ?? actor.name}`,
      batchId,
      mayRegister,
    });
    const rejected = new Map(IngestAnswer.parse(JSON.parse(answer)).rejected.map((item) => [item.index, item.message]));
    return (index) => {
      const message = rejected.get(index);
      return message === undefined ? { isDone: true, message: "stored the result" } : refused(message);
    };
  }

  async function guard<T>(work: () => Promise<T>, failed: (outcome: ExternalCommandOutcome) => T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DomainError) return failed(refused(error.message));
      if (database.dialect.isConnectionLost(error) || database.dialect.isTransient(error)) {
        logger.warn({ err: error }, "an external command met a database that does not answer");
        return failed(refused("the database does not answer at the moment"));
      }
      logger.error({ err: error }, "an external command failed");
      return failed(refused("the command failed; the control plane's log says why"));
    }
  }

  async function runAll(lines: readonly string[], operator: CommandingOperator): Promise<ExternalCommandOutcome[]> {
    const outcomes: ExternalCommandOutcome[] = [];
    let waiting: WaitingResult[] = [];

    async function storeWaiting(): Promise<void> {
      const batch = waiting;
      waiting = [];
      if (batch.length === 0) return;
      const outcomeOf = await guard(
        () => store(batch, operator),
        (outcome) => () => outcome,
      );
      for (const { index } of batch) outcomes[index] = outcomeOf(index);
    }

    for (const [index, line] of lines.entries()) {
      const started = await guard(
        () => start(line, operator),
        (outcome) => outcome,
      );
      if ("result" in started) waiting.push({ index, item: started.result });
      else outcomes[index] = started;
      const isNextResult = index + 1 < lines.length && isResultLine(lines[index + 1] ?? "");
      if (!isNextResult || waiting.length >= resultsPerBatch) await storeWaiting();
    }
    logOutcomes(lines, outcomes, operator);
    return outcomes;
  }

  function logOutcomes(
    lines: readonly string[],
    outcomes: readonly ExternalCommandOutcome[],
    { actor }: CommandingOperator,
  ): void {
    for (const [index, { isDone, message }] of outcomes.entries()) {
      const command = (lines[index] ?? "").slice(0, 200);
      if (!isDone) logger.warn({ command, actor: actor.name, reason: message }, "external command not carried out");
      else if (!isResultLine(command)) logger.info({ command, actor: actor.name }, "external command");
    }
  }

  return {
    runAll,
    async storeResults(results, operator, batchId) {
      if (!operator.mayOperate) return results.map(() => refused(`${operator.actor.name} may look, not command`));
      const waiting = results.map((item, index) => ({ index, item }));
      const outcomeOf = await store(waiting, operator, batchId ?? null);
      return waiting.map(({ index }) => outcomeOf(index));
    },
    async run(line, operator) {
      const [outcome] = await runAll([line], operator);
      return outcome ?? refused("no command");
    },
    known: Object.entries(commands)
      .map(([name, { fields, ...command }]) => ({
        name,
        fields,
        refusal: "refusal" in command ? (command.refusal ?? null) : null,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** A quick look, so that a run of results is not stored one by one. */
function isResultLine(line: string): boolean {
  return /^\s*(\[\d+\]\s*)?PROCESS_(SERVICE|HOST)_CHECK_RESULT;/i.test(line.slice(0, 100));
}

function refused(message: string): ExternalCommandOutcome {
  return { isDone: false, message };
}
