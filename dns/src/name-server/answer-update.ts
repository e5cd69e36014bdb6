import { classes, resultCodes } from "../message/index.ts";
import { formatName, lowerName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { RelayedUpdates } from "../update-relay/index.ts";
import type { NameServerOptions } from "./name-server-options.ts";
import { keyNameOf, type Request } from "./request.ts";

/** The result code of an UPDATE (RFC 2136 §3.1): at once where it is for no zone that may be updated here, else the control plane's. */
export function answerUpdate(
  request: Request,
  updates: RelayedUpdates,
  relay: NameServerOptions["relayUpdate"],
): number | Promise<number> {
  const { message, octets, arrival, view, signature } = request;
  const [zone] = message.questions;
  const isWellFormed = message.questions.length === 1 && zone !== undefined && zone.type === recordTypes.SOA;
  if (!isWellFormed) return resultCodes.FORMERR;
  if (zone.class !== classes.IN) return resultCodes.NOTAUTH;
  const served = view.find(lowerName(zone.name));
  if (served === undefined) return resultCodes.NOTAUTH;
  const { kind, allowsUpdate, name } = served.configuration;
  if (kind !== "primary" || !allowsUpdate) return resultCodes.REFUSED;
  const key = keyNameOf(request);
  const keyText = key === undefined ? null : formatName(key);
  const identity = [arrival.address, keyText ?? "", served.view ?? "", octets, signature?.mac ?? ""];
  return updates.pass(identity, (id, signal) =>
    relay({ message: octets, view: served.view, zone: name, key: keyText, client: arrival.address, id }, signal),
  );
}
