import { setImmediate } from "node:timers/promises";
import {
  type ForwardEntry,
  type ForwardMessage,
  MessagePackError,
  readPackedEntries,
  unpackEntries,
} from "@mycloud/protocol/fluent-forward";
import type { HostDirectory, LogIdentity } from "../../log-sender/index.ts";
import type { NewLogRecord } from "../../log-store/index.ts";
import type { ByteBudget } from "../intake/byte-budget.ts";
import type { RecordContext } from "../record/finish-record.ts";
import { recordFromMap } from "../record/record-from-map.ts";

type TaggedMessage = Exclude<ForwardMessage, { readonly mode: "heartbeat" }>;

/** Records of a message, and what it took in memory; `release` when they are gone from there. */
export interface ReadRecords {
  readonly records: readonly NewLogRecord[];
  /** Bytes, decompressed. */
  readonly size: number;
  readonly release: () => void;
}

/** Makes records of a message. Throws MessagePackError. */
export type ReadMessage = (
  message: TaggedMessage,
  from: { readonly identity: LogIdentity; readonly address: string; readonly receivedAtMs: number },
) => Promise<ReadRecords>;

interface ReadMessageDependencies {
  readonly hosts: () => Promise<HostDirectory>;
  readonly retentionDays: () => number;
  readonly budget: ByteBudget;
  readonly maximumUnpackedBytes: number;
}

/** So many at once: others are served in between. */
const entriesAtOnce = 1_000;
const maximumEntries = 200_000;
/** What a message of entries without packing is taken for; its own bytes are gone when it is read. */
const bytesPerEntry = 256;

/** A reader of messages of which a few at a time are decompressed. */
export function createReadMessage(dependencies: ReadMessageDependencies): ReadMessage {
  const { hosts, retentionDays, budget, maximumUnpackedBytes } = dependencies;
  let unpacking = Promise.resolve();

  /** One after another, as their memory cannot be known before. */
  async function unpack(message: Extract<TaggedMessage, { readonly packed: Uint8Array }>): Promise<Uint8Array> {
    if (message.mode === "packed") return message.packed;
    const unpacked = unpacking.then(() => unpackEntries(message, maximumUnpackedBytes));
    unpacking = unpacked.then(
      () => undefined,
      () => undefined,
    );
    return await unpacked;
  }

  return async (message, { identity, address, receivedAtMs }) => {
    const context: RecordContext = {
      identity,
      hosts: await hosts(),
      receivedAtMs,
      peerAddress: address,
      retentionDays: retentionDays(),
    };
    const packed = "packed" in message ? await unpack(message) : null;
    const size = packed?.length ?? ("entries" in message ? message.entries.length * bytesPerEntry : 0);
    const release = await budget.take(size);
    try {
      const entries = packed === null ? ("entries" in message ? message.entries : []) : readPackedEntries(packed);
      return { records: await recordsOf(entries, sourceOf(message.tag, identity), context), size, release };
    } catch (error) {
      release();
      throw error;
    }
  };
}

async function recordsOf(
  entries: Iterable<ForwardEntry>,
  source: string,
  context: RecordContext,
): Promise<NewLogRecord[]> {
  const records: NewLogRecord[] = [];
  for (const { timeUs, record } of entries) {
    if (records.length === maximumEntries) throw new MessagePackError(`more than ${maximumEntries} entries`);
    records.push(recordFromMap(record, { timeUs, source, mayNameSource: false }, context));
    if (records.length % entriesAtOnce === 0) await setImmediate();
  }
  return records;
}

const agentTag = "mycloud.";

/** An agent's tag names its LogSource; other senders' tags are their sources. */
function sourceOf(tag: string, { kind }: LogIdentity): string {
  const isNamed = kind === "agent" && tag.startsWith(agentTag) && tag.length > agentTag.length;
  if (isNamed) return tag.slice(agentTag.length);
  return tag === "" ? "forward" : tag;
}
