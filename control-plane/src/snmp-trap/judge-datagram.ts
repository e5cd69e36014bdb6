import type { SnmpCredentialInput } from "@mycloud/protocol/snmp";
import {
  type CommunityMessage,
  communityMessage,
  type Distrust,
  isInTime,
  openUserMessage,
  type Pdu,
  readMessage,
  reportOf,
  responseElement,
  type SnmpEngine,
  SnmpMessageError,
  type SnmpUser,
  type TrapV1,
  type UserMessage,
  userResponse,
  varbindElements,
} from "../snmp-message/index.ts";
import type { TrapRefusal } from "./metrics.ts";
import { readNotification, type TrapNotification } from "./notification.ts";
import type { RemoteClocks } from "./remote-clocks.ts";
import type { TrapSenders } from "./trap-senders.ts";

/** What a datagram turned out to be. Answers are made when they are sent: they say what time it is. */
export type JudgedDatagram =
  | {
      readonly isTaken: true;
      readonly version: "1" | "2c" | "3";
      readonly trap: TrapNotification;
      /** Those that let it in. */
      readonly credentials: readonly SnmpCredentialInput[];
      /** Of an inform: what says that it is stored. */
      readonly answer: (() => Buffer) | null;
      /** Of an inform: the same when it comes again. */
      readonly requestId: number | null;
      /** Nobody but who knows the key could have made it. */
      readonly isSigned: boolean;
    }
  | {
      readonly isTaken: false;
      readonly version: string;
      /** Null for what is no fault: a sender that asks who we are. */
      readonly why: TrapRefusal | null;
      readonly answer: (() => Buffer) | null;
    };

export interface JudgeDependencies {
  readonly engine: SnmpEngine;
  readonly clocks: RemoteClocks;
  readonly now: () => number;
}

/** Reads a datagram and says whether it is believed. Never throws for what came. */
export function judgeDatagram(bytes: Buffer, senders: TrapSenders, dependencies: JudgeDependencies): JudgedDatagram {
  try {
    const message = readMessage(bytes);
    return message.version === "3"
      ? judgeUserMessage(message, senders, dependencies)
      : judgeCommunityMessage(message, senders);
  } catch (error) {
    if (error instanceof SnmpMessageError)
      return { isTaken: false, version: "unknown", why: "unreadable", answer: null };
    throw error;
  }
}

function judgeCommunityMessage({ version, community, pdu }: CommunityMessage, senders: TrapSenders): JudgedDatagram {
  const credentials = senders.withCommunity(community);
  if (credentials.length === 0) return { isTaken: false, version, why: "unknown-community", answer: null };
  const trap = readNotification(pdu);
  // Each version has its own PDU, and informs came with the second.
  const isOfVersion = (pdu.type === "trapV1") === (version === "1");
  if (trap === null || !isOfVersion) return { isTaken: false, version, why: "no-notification", answer: null };
  return {
    isTaken: true,
    version,
    trap,
    credentials,
    requestId: requestIdOf(pdu),
    isSigned: false,
    answer: trap.isInform ? () => communityMessage(version, community, responseTo(pdu)) : null,
  };
}

function judgeUserMessage(
  message: UserMessage,
  senders: TrapSenders,
  { engine, clocks, now }: JudgeDependencies,
): JudgedDatagram {
  const refuse = (why: Distrust, user: SnmpUser | null = null, isFault = true): JudgedDatagram => ({
    isTaken: false,
    version: "3",
    why: isFault ? why : null,
    answer: message.isReportable ? () => reportOf(engine, message, why, user) : null,
  });
  const isToUs = message.engineId.equals(engine.id);
  // Who sends informs asks first who we are.
  if (message.engineId.length === 0) return refuse("unknown-engine", null, false);
  const opened = openUserMessage(message, senders.users);
  if (!opened.isOpen) return refuse(opened.why);
  const { user, scoped } = opened;
  const trap = readNotification(scoped.pdu);
  const credential = senders.credentialOf(user);
  if (trap === null || credential === undefined || scoped.pdu.type === "trapV1") {
    return { isTaken: false, version: "3", why: "no-notification", answer: null };
  }
  if (trap.isInform && !isToUs) return refuse("unknown-engine");
  if (user.isSigning && !isOfNow()) return refuse("late", user);
  return {
    isTaken: true,
    version: "3",
    trap,
    credentials: [credential],
    requestId: requestIdOf(scoped.pdu),
    isSigned: user.isSigning,
    answer: trap.isInform ? () => userResponse(engine, message, user, scoped, responseTo(scoped.pdu)) : null,
  };

  /** Informs go by our clock; traps by that of the device (RFC 3414 §3.2 7). */
  function isOfNow(): boolean {
    if (isToUs) return isInTime(engine, message);
    const { engineId, engineBoots, engineTime } = message;
    return clocks.accept(engineId.toString("hex"), engineBoots, engineTime, now());
  }
}

function requestIdOf(pdu: Pdu | TrapV1): number | null {
  return pdu.type === "inform" ? pdu.requestId : null;
}

function responseTo(pdu: Pdu | TrapV1): Buffer {
  const requestId = pdu.type === "trapV1" ? 0 : pdu.requestId;
  return responseElement(requestId, 0, 0, varbindElements(pdu.varbinds));
}
