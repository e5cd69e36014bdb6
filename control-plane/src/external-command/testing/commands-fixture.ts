import { createAcknowledgements } from "../../acknowledgement/index.ts";
import { createAuditLog } from "../../audit/index.ts";
import { ResultWriter } from "../../check-result/result-writer.ts";
import { type IngestFixtureOptions, ingestFixture } from "../../check-result/testing/ingest-fixture.ts";
import { createComments } from "../../comment/index.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { createDowntimes } from "../../downtime/index.ts";
import { systemActor } from "../../http/actor.ts";
import { createSwitches } from "../../operation/switch-settings.ts";
import { type CommandingOperator, createExternalCommands } from "../create-external-commands.ts";

export const carla: CommandingOperator = {
  actor: { ...systemActor, kind: "user", id: "7", name: "Carla", role: "operator" },
  scope: { kind: "all" },
  mayOperate: true,
};

/** Hosts with passive services, and external commands upon them; what agents are asked is kept in `asked`. */
export async function commandsFixture(database: ConnectedDatabase, options: IngestFixtureOptions = {}) {
  const ingest = await ingestFixture(database, { maxCheckAttempts: 1, ...options });
  const { changes, now, logger, definitions } = ingest;
  const audit = createAuditLog(now);
  const writer = new ResultWriter({ storeBatches: ingest.storeBatches, logger, maximumConcurrent: 1 });
  const shared = { database, audit, changes, now };
  const asked: { hostIds: readonly number[]; serviceIds: readonly number[]; atMs?: number }[] = [];
  const announced: string[] = [];
  const told: string[] = [];
  const acknowledgements = createAcknowledgements({
    ...shared,
    announce: async (_tx, objects, { authorName, comment }) => {
      for (const object of objects) announced.push(`${object.serviceName ?? "host"} ${authorName}: ${comment}`);
    },
  });
  const commands = createExternalCommands({
    ...shared,
    definitions,
    acceptCheckResults: (batch) => writer.write(batch),
    acknowledgements,
    downtimes: createDowntimes(shared),
    comments: createComments(shared),
    switches: createSwitches(shared),
    checkNow: async (_operator, request, atMs) => {
      asked.push({ ...request, ...(atMs === undefined ? {} : { atMs }) });
      const { hostIds, serviceIds } = request;
      return {
        done: [
          ...hostIds.map((hostId) => ({ hostId, serviceId: null })),
          ...serviceIds.map((serviceId) => ({ hostId: null, serviceId })),
        ],
        refused: [],
      };
    },
    sendCustom: async (_operator, _object, { authorName, comment }) => told.push(`${authorName}: ${comment}`),
    logger,
  });
  return {
    ...ingest,
    commands,
    asked,
    announced,
    told,
    /** Runs lines one after the other; answers the messages, those of what was refused with a ! before them. */
    async run(lines: readonly string[], operator: CommandingOperator = carla): Promise<string[]> {
      const outcomes = await commands.runAll(lines, operator);
      return outcomes.map(({ isDone, message }) => (isDone ? message : `! ${message}`));
    },
  };
}
