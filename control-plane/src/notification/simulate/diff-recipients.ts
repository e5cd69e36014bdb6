import type { RecipientChange, SimulatedState } from "@mycloud/protocol/notification";
import type { Dialect, Executor } from "../../database/dialect/dialect.ts";
import { DefinitionCache, type MonitoredHost, type MonitoredService } from "../../monitored/index.ts";
import { loadDefinitions } from "../definition-cache.ts";
import { downtimeFor, type NotificationDefinitions } from "../definitions.ts";
import { type KnownRule, rulesFor } from "../known-rule.ts";
import { objectName } from "../mail/subject.ts";
import { describeSimulation } from "./describe-simulation.ts";
import { simulate } from "./simulate.ts";

const lookedAtMs = 24 * 3_600_000;
const mostChanges = 100;
const mostNames = 20;
const serviceStates: readonly SimulatedState[] = ["WARNING", "CRITICAL"];
const hostStates: readonly SimulatedState[] = ["DOWN"];

/** Who would be told of each host and service, were it to go bad now: sentences by `web1/disk CRITICAL`. */
export type RecipientBoard = ReadonlyMap<string, Answer>;

interface Answer {
  readonly name: string;
  readonly state: SimulatedState;
  readonly sentences: readonly string[];
}

/** Asks the simulator of every host and service, by the definitions that `executor` sees. */
export async function readRecipientBoard(executor: Executor, dialect: Dialect, nowMs: number): Promise<RecipientBoard> {
  const definitions = await loadDefinitions(executor, nowMs);
  const ids = await executor.selectFrom("host").select("id").execute();
  // A cache of its own: this may be a transaction that nobody else sees.
  const hosts = await new DefinitionCache({ dialect }).hostsById(executor, new Set(ids.map(({ id }) => id)));
  const board = new Map<string, Answer>();
  const known = new Map<string, readonly string[]>();
  for (const host of hosts.values()) {
    for (const service of [null, ...host.servicesByName.values()]) {
      const name = objectName(host.name, service?.name ?? null);
      for (const state of service === null ? hostStates : serviceStates) {
        const sentences = answerFor(host, service, state, definitions, known, nowMs);
        board.set(`${name} ${state}`, { name, state, sentences });
      }
    }
  }
  return board;
}

/** Thousands of services have the same rules, and so the same answer. */
function answerFor(
  host: MonitoredHost,
  service: MonitoredService | null,
  state: SimulatedState,
  definitions: NotificationDefinitions,
  known: Map<string, readonly string[]>,
  nowMs: number,
): readonly string[] {
  const { businessImpact, isNotificationEnabled } = (service ?? host).settings;
  const serviceName = service?.name ?? null;
  const rules: readonly KnownRule[] = rulesFor(definitions.rules, host, serviceName);
  const downtime = downtimeFor(definitions.downtimes, host, serviceName, nowMs, serviceName === null);
  // Reasons name the object, so what depends on nothing but these is remembered with a placeholder.
  const placeholder = "this";
  const key = JSON.stringify([
    rules.map(({ id }) => id),
    businessImpact,
    isNotificationEnabled,
    state,
    host.customer,
    downtime?.id ?? null,
  ]);
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const object = { host, serviceName, businessImpact, isNotificationEnabled, rules };
  const simulation = simulate(object, definitions, state, nowMs, nowMs + lookedAtMs);
  const name = objectName(host.name, serviceName);
  const sentences = describeSimulation(simulation, nowMs).map((text) => text.replaceAll(name, placeholder));
  known.set(key, sentences);
  return sentences;
}

/** What differs between two boards: objects with the same difference together, those that concern most first. Pure. */
export function diffRecipients(before: RecipientBoard, after: RecipientBoard): RecipientChange[] {
  const changes = new Map<string, { change: Omit<RecipientChange, "objects" | "objectCount">; names: string[] }>();
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, next] = [before.get(key), after.get(key)];
    const answer = next ?? old;
    if (answer === undefined) continue;
    const change = {
      state: answer.state,
      before: [...(old?.sentences ?? ["not there"])],
      after: [...(next?.sentences ?? ["not there"])],
    };
    if (JSON.stringify(change.before) === JSON.stringify(change.after)) continue;
    const sameness = JSON.stringify(change);
    const group = changes.get(sameness);
    if (group === undefined) changes.set(sameness, { change, names: [answer.name] });
    else group.names.push(answer.name);
  }
  return [...changes.values()]
    .sort((a, b) => b.names.length - a.names.length)
    .slice(0, mostChanges)
    .map(({ change, names }) => ({ ...change, objects: names.slice(0, mostNames), objectCount: names.length }));
}
