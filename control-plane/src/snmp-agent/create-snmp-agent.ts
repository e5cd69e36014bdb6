import type { RemoteInfo } from "node:dgram";
import { hostname } from "node:os";
import { Counter } from "prom-client";
import { countFreshness } from "../backup-watch/index.ts";
import type { Core, Part } from "../part.ts";
import { type DatagramSocket, listenForDatagrams, type SnmpEngine, SourceRate } from "../snmp-message/index.ts";
import { StatusView, turnOfOthers } from "../status-view/index.ts";
import { answerDatagram } from "./answer-datagram.ts";
import { readAsker } from "./asker.ts";
import { createFleetTree } from "./fleet-tree.ts";
import type { OidTree } from "./oid-tree.ts";

/** What is told is at most so old when it is asked for. */
const keptMs = 3_000;
const mostWaiting = 1_000;
/** Answered before others have their turn. */
const atOnce = 20;
const rate = { perSecond: 2_000, burst: 4_000, mostSources: 10_000 };

/** Tells managers of the whole fleet by SNMP, as the configuration has it; read-only. */
export function createSnmpAgent(core: Core, engineOf: () => Promise<SnmpEngine>): Part {
  const { configuration, version, database, changes, sealer, registry, logger, now } = core;
  const requests = new Counter({
    name: "mycloud_snmp_agent_requests_total",
    help: "Datagrams that came to the SNMP agent, by what became of them.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const rates = new SourceRate(rate);
  const startedAtMs = performance.now();
  const system = {
    description: `MyCloud control plane ${version}`,
    name: hostname(),
    uptimeTicks: () => Math.floor((performance.now() - startedAtMs) / 10),
  };
  let view: StatusView | undefined;
  let tree: { readonly tree: OidTree; readonly atMs: number } | undefined;
  let socket: DatagramSocket | undefined;
  let waiting: { readonly bytes: Buffer; readonly peer: RemoteInfo }[] = [];
  let working: Promise<void> | null = null;
  let isStopping = false;

  async function current(): Promise<OidTree> {
    if (tree !== undefined && performance.now() - tree.atMs < keptMs) return tree.tree;
    view ??= new StatusView({ database, changes, sealer, now });
    await view.refresh();
    const repositories = await countFreshness(database, now());
    const made = createFleetTree({ hosts: view.hosts, services: view.services, repositories, system });
    tree = { tree: made, atMs: performance.now() };
    return made;
  }

  return {
    name: "snmp-agent",
    async start() {
      const address = configuration.snmpAgent;
      if (address === null) return;
      const asker = readAsker(configuration.snmpAgentCredentialsFile);
      const engine = await engineOf();
      const work = async (): Promise<void> => {
        while (waiting.length > 0 && !isStopping) {
          try {
            const known = await current();
            for (const { bytes, peer } of waiting.splice(0, atOnce)) {
              const answer = answerDatagram(bytes, asker, engine, known);
              requests.inc({ outcome: answer.outcome });
              if (answer.bytes !== null) socket?.send(answer.bytes, peer);
            }
            await turnOfOthers();
          } catch (err) {
            // Managers ask again by themselves.
            requests.inc({ outcome: "failed" }, waiting.length);
            waiting = [];
            logger.warn({ err }, "the SNMP agent could not answer");
          }
        }
      };
      socket = await listenForDatagrams({
        address,
        what: "the SNMP agent",
        flag: "--snmp-agent",
        onMessage(bytes, peer) {
          if (waiting.length >= mostWaiting || !rates.take(peer.address, now())) {
            requests.inc({ outcome: "limited" });
            return;
          }
          waiting.push({ bytes, peer });
          working ??= work().finally(() => {
            working = null;
          });
        },
        logger,
      });
    },
    async stop() {
      isStopping = true;
      await working;
      await socket?.close();
      view?.close();
    },
  };
}
