import { classes, resultCodes } from "../message/index.ts";
import { lowerName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { ServedZone } from "../view/index.ts";
import { keyNameOf, type Request } from "./request.ts";

/** What a NOTIFY comes to (RFC 1996 §3): a result code, and the zone to look after where that is NOERROR. */
export interface NotifyOutcome {
  readonly rcode: number;
  readonly zone: ServedZone | undefined;
}

/**
 * A NOTIFY is taken from a secondary zone's primaries and whom it names. It says nothing that is believed: what it leads to is that the primary is
 * asked, so that a forged one costs a question.
 */
export function answerNotify(request: Request): NotifyOutcome {
  const { message, view, client } = request;
  const [question] = message.questions;
  if (question === undefined || message.questions.length !== 1 || question.type !== recordTypes.SOA) {
    return { rcode: resultCodes.FORMERR, zone: undefined };
  }
  const served = question.class === classes.IN ? view.find(lowerName(question.name)) : undefined;
  if (served === undefined) return { rcode: resultCodes.NOTAUTH, zone: undefined };
  const isTaken = served.configuration.kind === "secondary" && served.mayNotify(client.address, keyNameOf(request));
  return isTaken ? { rcode: resultCodes.NOERROR, zone: served } : { rcode: resultCodes.REFUSED, zone: undefined };
}
