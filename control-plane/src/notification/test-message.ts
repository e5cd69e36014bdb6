import type { MessageContent } from "./mail/message-content.ts";

/** What a test message is rendered from. It is about no host. Pure. */
export function testContent(contactName: string, actorName: string, nowMs: number): MessageContent {
  return {
    type: "TEST",
    hostId: 0,
    hostName: "",
    hostDisplayName: null,
    hostAddress: null,
    serviceId: null,
    serviceName: null,
    fromState: "",
    toState: "",
    attempt: 1,
    maxCheckAttempts: 1,
    output: "",
    longOutput: "",
    perfdata: "",
    atMs: nowMs,
    problemStartedAtMs: null,
    lastOkAtMs: null,
    lastOkOutput: null,
    contactName,
    ruleName: null,
    via: null,
    number: 1,
    problemId: null,
    businessImpact: 2,
    hostLabels: {},
    hostGroups: [],
    remark: `asked for by ${actorName}`,
    references: [],
  };
}
