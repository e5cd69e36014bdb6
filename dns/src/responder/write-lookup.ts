import type { Lookup, SectionRrset } from "../lookup/index.ts";
import { flagBits, type MessageWriter } from "../message/index.ts";

/**
 * Writes what a lookup came to into an answer whose question is there already. What does not fit is left out by whole RRsets; where that was needed (the
 * answer, the authority section, glue below the delegation) the answer says that it is cut short (TC). `first` is where lists of records begin.
 */
export function writeLookup(writer: MessageWriter, lookup: Lookup, first: number): void {
  const isWhole =
    lookup.answer.every((each) => add(writer, "answer", each, first)) &&
    lookup.authority.every((each) => add(writer, "authority", each, first));
  if (!isWhole) {
    writer.addFlags(flagBits.TC);
    return;
  }
  for (const each of lookup.additional) {
    if (add(writer, "additional", each, first)) continue;
    if (each.isNeeded === true) writer.addFlags(flagBits.TC);
    return;
  }
}

function add(
  writer: MessageWriter,
  section: "answer" | "authority" | "additional",
  { owner, rrset }: SectionRrset,
  first: number,
): boolean {
  const { type, ttl, rdatas } = rrset;
  return writer.addRrset(section, { owner, type, ttl, rdatas }, rdatas.length > 1 ? first % rdatas.length : 0);
}
