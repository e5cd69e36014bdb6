import {
  type CommunityMessage,
  communityMessage,
  type Distrust,
  isInTime,
  openUserMessage,
  readMessage,
  reportOf,
  type SnmpEngine,
  SnmpMessageError,
  type SnmpUser,
  type UserMessage,
  userResponse,
} from "../snmp-message/index.ts";
import { answerRequest } from "./answer-request.ts";
import type { Asker } from "./asker.ts";
import type { OidTree } from "./oid-tree.ts";

export interface AgentAnswer {
  /** Null where nothing is said: to who has no right to know that somebody is here. */
  readonly bytes: Buffer | null;
  readonly outcome: "answered" | "discovery" | "unreadable" | "unknown-community" | "no-request" | Distrust;
}

/** So much fits into an answer of version 2c: one packet of Ethernet, which no firewall drops. */
const communityRoom = 1_300;
const mostUserRoom = 8_000;
/** Header and security parameters of version 3. */
const userOverhead = 250;

/** Answers what came. Never throws for what came. */
export function answerDatagram(bytes: Buffer, asker: Asker, engine: SnmpEngine, tree: OidTree): AgentAnswer {
  try {
    const message = readMessage(bytes);
    if (message.version === "3") return answerUser(message, asker, engine, tree);
    return answerCommunity(message, asker, tree);
  } catch (error) {
    if (error instanceof SnmpMessageError) return { bytes: null, outcome: "unreadable" };
    throw error;
  }
}

function answerCommunity({ version, community, pdu }: CommunityMessage, asker: Asker, tree: OidTree): AgentAnswer {
  if (version === "1" || !asker.isCommunity(community)) return { bytes: null, outcome: "unknown-community" };
  const answer = pdu.type === "trapV1" ? null : answerRequest(pdu, tree, communityRoom);
  if (answer === null) return { bytes: null, outcome: "no-request" };
  return { bytes: communityMessage(version, community, answer), outcome: "answered" };
}

function answerUser(message: UserMessage, asker: Asker, engine: SnmpEngine, tree: OidTree): AgentAnswer {
  const refuse = (why: Distrust, user: SnmpUser | null = null): AgentAnswer => ({
    bytes: message.isReportable ? reportOf(engine, message, why, user) : null,
    outcome: why === "unknown-engine" ? "discovery" : why,
  });
  if (!message.engineId.equals(engine.id)) return refuse("unknown-engine");
  const opened = openUserMessage(message, asker.users);
  if (!opened.isOpen) return refuse(opened.why);
  const { user, scoped } = opened;
  if (user.isSigning && !isInTime(engine, message)) return refuse("late", user);
  const room = Math.max(256, Math.min(message.maximumSize - userOverhead, mostUserRoom));
  // Nothing is kept in parts: every context but the usual one is unknown.
  const { pdu, contextName } = scoped;
  const answer = pdu.type === "trapV1" || contextName !== "" ? null : answerRequest(pdu, tree, room);
  if (answer === null) return { bytes: null, outcome: "no-request" };
  return { bytes: userResponse(engine, message, user, scoped, answer), outcome: "answered" };
}
