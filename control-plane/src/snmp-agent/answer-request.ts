import { type BoundObject, errorStatus, type Pdu, responseElement, varbindElements } from "../snmp-message/index.ts";
import type { OidTree } from "./oid-tree.ts";

/** RFC 3416 §4.2.3 lets an answer hold less than was asked for: more than this in one would keep others waiting. */
const mostRepetitions = 100;
const mostVarbinds = 500;

/**
 * Answers a request from the tree, in at most `room` octets; null for what is none. Nothing can be set. Pure, but for the values' own makers.
 */
export function answerRequest(pdu: Pdu, tree: OidTree, room: number): Buffer | null {
  const { type, requestId, varbinds } = pdu;
  if (type === "set") return responseElement(requestId, errorStatus.notWritable, 1, varbindElements(varbinds));
  const found = find(pdu, tree);
  if (found === null) return null;
  const kept: Buffer[] = [];
  let size = 0;
  for (const varbind of varbindElements(found)) {
    if (size + varbind.length > room) break;
    size += varbind.length;
    kept.push(varbind);
  }
  const isShort = kept.length < found.length;
  // Only getBulk may answer a part.
  if (isShort && (type !== "getBulk" || kept.length === 0))
    return responseElement(requestId, errorStatus.tooBig, 0, []);
  return responseElement(requestId, errorStatus.noError, 0, kept);
}

function find(pdu: Pdu, tree: OidTree): BoundObject[] | null {
  const asked = pdu.varbinds.slice(0, mostVarbinds);
  switch (pdu.type) {
    case "get":
      return asked.map(({ oid }) => ({ oid, bound: tree.get(numbersOf(oid)) }));
    case "getNext":
      return asked.map(({ oid }) => after(oid, tree));
    case "getBulk":
      return findBulk(pdu, asked, tree);
    default:
      return null;
  }
}

function findBulk(
  { errorStatus: nonRepeaters, errorIndex }: Pdu,
  asked: readonly BoundObject[],
  tree: OidTree,
): BoundObject[] {
  const once = Math.min(Math.max(0, nonRepeaters), asked.length);
  const repetitions = Math.min(Math.max(0, errorIndex), mostRepetitions);
  const found = asked.slice(0, once).map(({ oid }) => after(oid, tree));
  let row = asked.slice(once).map(({ oid }) => oid);
  for (let repetition = 0; repetition < repetitions && row.length > 0 && found.length < mostVarbinds; repetition += 1) {
    const next = row.map((oid) => after(oid, tree));
    found.push(...next);
    if (next.every(({ bound }) => bound.type === "endOfMibView")) break;
    row = next.map(({ oid }) => oid);
  }
  return found;
}

function after(oid: string, tree: OidTree): BoundObject {
  return tree.next(numbersOf(oid)) ?? { oid, bound: { type: "endOfMibView" } };
}

function numbersOf(oid: string): number[] {
  return oid.split(".").map(Number);
}
