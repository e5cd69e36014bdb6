import { EnabledDefinitions } from "../definition/index.ts";
import { createNetworkList, createSenderDirectory } from "../log-sender/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Core, Part } from "../part.ts";
import { type DatagramSocket, listenForDatagrams, type SnmpEngine, SourceRate } from "../snmp-message/index.ts";
import { createSnmpTrapMetrics } from "./metrics.ts";
import { RecentMessages } from "./recent-messages.ts";
import { RemoteClocks } from "./remote-clocks.ts";
import type { StoreTrapsDependencies } from "./store-traps.ts";
import { compileTrapSenders, type TrapSenders } from "./trap-senders.ts";
import { type TrapDatagram, type TrapKnowledge, workOnTraps } from "./trap-worker.ts";

export interface SnmpTrapNeeds extends Pick<StoreTrapsDependencies, "store" | "hold" | "commands"> {
  readonly definitions: Pick<DefinitionCache, "hostsById">;
  /** Opened when the first asks; one for all that speak SNMP. */
  readonly engine: () => Promise<SnmpEngine>;
}

export interface SnmpTrapReceiver {
  readonly part: Part;
  readonly port: () => number | null;
}

const mostQueuedBytes = 16 * 1024 * 1024;
const mostQueued = 20_000;
const atOnce = 200;
/** Of one address: a switch whose every link goes down at once is heard whole. */
const rate = { perSecond: 200, burst: 2_000, mostSources: 10_000 };

/** Takes SNMP traps and informs, as the configuration has it. What comes while the queue is full is dropped and counted; informs then come again. */
export function createSnmpTrap(core: Core, needs: SnmpTrapNeeds): SnmpTrapReceiver {
  const { configuration, registry, logger, now } = core;
  const metrics = createSnmpTrapMetrics(registry);
  const stopping = new AbortController();
  const rates = new SourceRate(rate);
  const know = createKnowledgeReader(core, needs);
  let socket: DatagramSocket | undefined;
  let queue: TrapDatagram[] = [];
  let queuedBytes = 0;
  let working: Promise<void> | null = null;

  function take(datagram: TrapDatagram, work: () => Promise<void>): void {
    const isFull = queue.length >= mostQueued || queuedBytes + datagram.bytes.length > mostQueuedBytes;
    const isTooFast = !rates.take(datagram.peer.address, now());
    if (isTooFast || isFull) {
      metrics.refused("unknown", isTooFast ? "rate" : "queue-full");
      return;
    }
    queue.push(datagram);
    queuedBytes += datagram.bytes.length;
    metrics.queued(queue.length);
    working ??= work().finally(() => {
      working = null;
    });
  }

  return {
    port: () => socket?.port ?? null,
    part: {
      name: "snmp-trap",
      async start() {
        const address = configuration.snmpTrap;
        if (address === null) return;
        const shared = {
          ...needs,
          know,
          engine: await needs.engine(),
          clocks: new RemoteClocks(),
          recent: new RecentMessages(),
          relays: createNetworkList(configuration.snmpTrapRelays),
          send: (bytes: Buffer, peer: TrapDatagram["peer"]) => socket?.send(bytes, peer),
          retentionDays: () => configuration.logKeepDays,
          metrics,
          logger,
          now,
        };
        const work = async (): Promise<void> => {
          // What comes in the same moment is worked on at once.
          await new Promise((resolve) => setImmediate(resolve));
          while (queue.length > 0 && !stopping.signal.aborted) {
            const batch = queue.slice(0, atOnce);
            queue = queue.slice(batch.length);
            queuedBytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
            metrics.queued(queue.length);
            try {
              await workOnTraps(batch, shared, stopping.signal);
            } catch (err) {
              if (stopping.signal.aborted) return;
              metrics.refused("unknown", "store", batch.length);
              logger.error({ err, datagrams: batch.length }, "SNMP traps were lost; informs come again");
            }
          }
        };
        socket = await listenForDatagrams({
          address,
          what: "the SNMP trap receiver",
          flag: "--snmp-trap",
          onMessage: (bytes, peer) => take({ bytes, peer }, work),
          logger,
        });
      },
      async stop() {
        // What was heard is stored as far as it goes quickly; who sent an inform hears nothing and sends it again.
        const cutOff = setTimeout(() => stopping.abort(new Error("the control plane stops")), 3_000);
        const listening = socket;
        await working;
        clearTimeout(cutOff);
        stopping.abort(new Error("the control plane stops"));
        await listening?.close();
      },
    },
  };
}

/** Credentials, rules and hosts, read again when they change. */
function createKnowledgeReader(
  { database, sealer, changes, now }: Core,
  { definitions }: SnmpTrapNeeds,
): () => Promise<TrapKnowledge> {
  const credentials = new EnabledDefinitions("SnmpCredential", sealer);
  const rules = new EnabledDefinitions("TrapRule", sealer);
  const directory = createSenderDirectory({ database, sealer, changes, now });
  let compiled: { readonly of: readonly unknown[]; readonly senders: TrapSenders } | null = null;
  changes.subscribe((type) => {
    if (type !== "definitions") return;
    credentials.forget();
    rules.forget();
  });
  return async () => {
    const read = await credentials.read(database.db);
    if (compiled?.of !== read) compiled = { of: read, senders: compileTrapSenders(read) };
    return {
      senders: compiled.senders,
      rules: await rules.read(database.db),
      hosts: await directory.hosts(),
      hostById: async (ids) => await definitions.hostsById(database.db, ids),
    };
  };
}
