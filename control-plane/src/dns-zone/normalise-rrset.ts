import type { DomainName } from "@mycloud/dns/name";
import { NameError } from "@mycloud/dns/name";
import {
  formatRecordData,
  formatRecordType,
  isMetaType,
  type Octets,
  parseRecordText,
  parseRecordType,
  RecordDataError,
  recordDataKey,
  recordTypes,
} from "@mycloud/dns/record";
import type { RrsetInput } from "@mycloud/protocol/dns-zone";
import { InputError } from "../error/index.ts";
import { type RrsetPlace, type RrsetValues, valuesOf } from "./rrset-values.ts";
import { nameKeyOf, parseOwnerName, relativeTextOf, type ZoneName } from "./zone-name.ts";

/** An RRset as it was asked for, understood: its data in full. */
export interface NormalRrset {
  readonly place: RrsetPlace;
  readonly owner: DomainName;
  readonly typeCode: number;
  readonly values: RrsetValues;
}

/** Where an RRset is, understood. Throws InputError. */
export function normalisePlace(
  { name, type }: Pick<RrsetInput, "name" | "type">,
  zone: ZoneName,
  field = "",
): Pick<NormalRrset, "place" | "owner" | "typeCode"> {
  const at = field === "" ? "" : `${field}.`;
  const owner = parseOwnerName(name, zone, `${at}name`);
  const typeCode = parseRecordType(type);
  if (typeCode === undefined) throw refuse(`${at}type`, type, "is no type of records, such as A, MX or TYPE65280");
  if (isMetaType(typeCode)) throw refuse(`${at}type`, type, "is a type of questions and messages; no zone has it");
  if (typeCode === recordTypes.SOA) {
    throw refuse(`${at}type`, type, "is written by the zone itself: change its settings (authority) instead");
  }
  const place = {
    nameKey: nameKeyOf(owner, zone),
    name: relativeTextOf(owner, zone),
    type: formatRecordType(typeCode),
  };
  return { place, owner, typeCode };
}

/** Understands an RRset. Throws InputError, naming the field: which record, what was expected. */
export function normaliseRrset(rrset: RrsetInput, zone: ZoneName, field = ""): NormalRrset {
  const placed = normalisePlace(rrset, zone, field);
  const at = field === "" ? "" : `${field}.`;
  const seen = new Map<string, number>();
  const records = rrset.records.map((record, index) => {
    const recordField = `${at}records.${index}.data`;
    const rdata = parseData(placed.typeCode, record.data, zone, recordField);
    const key = recordDataKey(placed.typeCode, rdata);
    const twin = seen.get(key);
    if (twin !== undefined) throw refuse(recordField, record.data, `is the same record as the one at ${twin}`);
    seen.set(key, index);
    return { ...record, data: formatRecordData(placed.typeCode, rdata) };
  });
  const weighted = records.filter(({ weight }) => weight !== undefined).length;
  if (weighted > 0 && weighted < records.length) {
    throw refuse(`${at}records`, "", "have weights in part: give all of them one, or none");
  }
  return { ...placed, values: valuesOf({ ...rrset, records }) };
}

function parseData(typeCode: number, data: string, { apex }: ZoneName, field: string): Octets {
  try {
    return parseRecordText(typeCode, data, apex);
  } catch (error) {
    if (error instanceof RecordDataError || error instanceof NameError) throw refuse(field, data, error.message);
    throw error;
  }
}

function refuse(field: string, value: string, message: string): InputError {
  return new InputError(`${field}: ${message}`, [{ field, value: value.slice(0, 200), message }]);
}
