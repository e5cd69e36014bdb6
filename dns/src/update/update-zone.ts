import { classes, type Message, type MessageRecord, resultCodes } from "../message/index.ts";
import { type DomainName, isAtOrBelow, lowerName } from "../name/index.ts";
import { isMetaType, type ResourceRecord, type Rrset, recordTypes } from "../record/index.ts";
import { isNewerSerial, nextSerial, readSoa, writeSoa, type Zone, type ZoneChange } from "../zone/index.ts";
import { isSame, ZoneDraft } from "./draft.ts";

/** What an UPDATE comes to: what to change (nothing where everything is so already), or a result code that says why not. */
export type UpdateOutcome =
  | { readonly kind: "change"; readonly change: ZoneChange | undefined }
  | { readonly kind: "refused"; readonly rcode: number; readonly reason: string };

export interface UpdateRules {
  /** Whether its sender may change records of a name and type. */
  readonly allows: (name: DomainName, type: number) => boolean;
  readonly nowMs: number;
}

class Refusal extends Error {
  override readonly name = "Refusal";
  readonly rcode: number;

  constructor(rcode: number, reason: string) {
    super(reason);
    this.rcode = rcode;
  }
}

/** Holds an UPDATE's prerequisites against a zone and works out what it changes (RFC 2136 §3), the serial with it. Pure: the zone stays as it is. */
export function updateZone(zone: Zone, message: Message, rules: UpdateRules): UpdateOutcome {
  try {
    const draft = new ZoneDraft(zone);
    checkPrerequisites(draft, message.answer);
    for (const record of message.authority) checkUpdate(draft, record, rules);
    for (const record of message.authority) update(draft, record);
    bumpSerial(draft, zone, rules.nowMs);
    const change = draft.change();
    const isSomething = change.removed.length + change.added.length > 0;
    return { kind: "change", change: isSomething ? change : undefined };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", rcode: error.rcode, reason: error.message };
    throw error;
  }
}

/** RFC 2136 §3.2. */
function checkPrerequisites(draft: ZoneDraft, prerequisites: readonly MessageRecord[]): void {
  const wanted = new Map<string, { readonly name: DomainName; readonly type: number; readonly rdatas: string[] }>();
  for (const { name, type, class: recordClass, ttl, rdata } of prerequisites) {
    if (ttl !== 0) throw new Refusal(resultCodes.FORMERR, "a prerequisite has a TTL");
    requireInside(draft, name);
    if (recordClass === classes.IN) {
      const key = `${type} ${lowerName(name)}`;
      const rrset = wanted.get(key) ?? { name, type, rdatas: [] };
      rrset.rdatas.push(rdata);
      wanted.set(key, rrset);
    } else checkPresence(draft, recordClass, { name, type, rdata });
  }
  for (const { name, type, rdatas } of wanted.values()) {
    if (!hasExactly(draft.rrsetAt(name, type), type, rdatas)) {
      throw new Refusal(resultCodes.NXRRSET, "an RRset is not what the prerequisite wants");
    }
  }
}

function checkPresence(
  draft: ZoneDraft,
  recordClass: number,
  { name, type, rdata }: Pick<MessageRecord, "name" | "type" | "rdata">,
): void {
  const isWanted = recordClass === classes.ANY;
  if ((!isWanted && recordClass !== classes.NONE) || rdata.length > 0) {
    throw new Refusal(resultCodes.FORMERR, "a prerequisite has a class or data that it must not have");
  }
  const isName = type === recordTypes.ANY;
  const isThere = isName ? draft.rrsetsAt(name).length > 0 : draft.rrsetAt(name, type) !== undefined;
  if (isThere === isWanted) return;
  if (isName) throw new Refusal(isWanted ? resultCodes.NXDOMAIN : resultCodes.YXDOMAIN, "a name is, or is not, in use");
  throw new Refusal(isWanted ? resultCodes.NXRRSET : resultCodes.YXRRSET, "an RRset exists, or does not");
}

function hasExactly(rrset: Rrset | undefined, type: number, rdatas: readonly string[]): boolean {
  if (rrset === undefined) return false;
  const isIn = (list: readonly string[], rdata: string) => list.some((each) => isSame(type, each, rdata));
  return rdatas.every((rdata) => isIn(rrset.rdatas, rdata)) && rrset.rdatas.every((rdata) => isIn(rdatas, rdata));
}

/** RFC 2136 §3.4.1: everything is looked at before anything is done. */
function checkUpdate(draft: ZoneDraft, record: MessageRecord, { allows }: UpdateRules): void {
  const { name, type, class: recordClass, ttl, rdata } = record;
  requireInside(draft, name);
  const isAny = type === recordTypes.ANY;
  const isWellFormed =
    recordClass === classes.IN
      ? !isMetaType(type)
      : recordClass === classes.ANY
        ? ttl === 0 && rdata.length === 0 && (isAny || !isMetaType(type))
        : recordClass === classes.NONE && ttl === 0 && !isMetaType(type);
  if (!isWellFormed)
    throw new Refusal(resultCodes.FORMERR, "an update has a type, class, TTL or data that it must not have");
  if (!allows(name, type))
    throw new Refusal(resultCodes.REFUSED, "the policy does not allow to change this name and type");
}

/** RFC 2136 §3.4.2. */
function update(draft: ZoneDraft, record: MessageRecord): void {
  const { name, type, class: recordClass, rdata } = record;
  const isApex = lowerName(name) === draft.apex;
  if (recordClass === classes.IN) add(draft, record);
  else if (recordClass === classes.NONE) {
    // The apex keeps its SOA record and its last NS record (§3.4.2.4).
    const isLast = isApex && type === recordTypes.NS && (draft.rrsetAt(name, type)?.rdatas.length ?? 0) <= 1;
    if (type !== recordTypes.SOA && !isLast) draft.remove(name, type, rdata);
  } else {
    const isKept = (each: number) => isApex && (each === recordTypes.SOA || each === recordTypes.NS);
    for (const rrset of draft.rrsetsAt(name)) {
      if ((type === recordTypes.ANY || rrset.type === type) && !isKept(rrset.type)) draft.removeRrset(name, rrset.type);
    }
  }
}

function add(draft: ZoneDraft, record: ResourceRecord): void {
  const { name, type, rdata } = record;
  if (type === recordTypes.SOA) {
    const present = draft.rrsetAt(name, type)?.rdatas[0];
    if (present === undefined || !isNewerSerial(readSoa(rdata).serial, readSoa(present).serial)) return;
    draft.removeRrset(name, type);
  } else if (type === recordTypes.CNAME) {
    // A CNAME beside others, or others beside a CNAME, are passed over in silence (§3.4.2.2).
    if (draft.rrsetsAt(name).some((rrset) => !besideAlias.has(rrset.type))) return;
    draft.removeRrset(name, type);
  } else if (!besideAlias.has(type) && draft.rrsetAt(name, recordTypes.CNAME) !== undefined) return;
  draft.add(record);
}

/** What may stand beside a CNAME (RFC 4035 §2.5). */
const besideAlias = new Set<number>([recordTypes.CNAME, recordTypes.RRSIG, recordTypes.NSEC, recordTypes.KEY]);

function bumpSerial(draft: ZoneDraft, zone: Zone, nowMs: number): void {
  const { removed, added } = draft.change();
  if (removed.length + added.length === 0 || added.some(({ type }) => type === recordTypes.SOA)) return;
  const { soa, soaRrset, apex } = zone;
  draft.removeRrset(apex, recordTypes.SOA);
  const rdata = writeSoa({ ...soa, serial: nextSerial(soa.serial, nowMs) });
  draft.add({ name: zone.find(apex)?.name ?? apex, type: recordTypes.SOA, ttl: soaRrset.ttl, rdata });
}

function requireInside(draft: ZoneDraft, name: DomainName): void {
  if (!isAtOrBelow(name, draft.apex)) throw new Refusal(resultCodes.NOTZONE, "a name is not in the zone");
}
