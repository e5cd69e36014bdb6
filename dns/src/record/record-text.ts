import { type DomainName, rootName } from "../name/index.ts";
import { parseRecordData } from "./record-data.ts";
import { RecordDataError } from "./record-data-error.ts";
import type { Octets } from "./resource-record.ts";
import { ScanError, scanEntries } from "./scan-entries.ts";

/** Record data as a person writes it, `10 mail.example.org.`: a text of any characters, stored as UTF-8. Throws RecordDataError. */
export function parseRecordText(type: number, text: string, origin: DomainName = rootName): Octets {
  try {
    const entries = [...scanEntries(Buffer.from(text, "utf8").toString("latin1"))];
    if (entries.length > 1) throw new RecordDataError("the record's data goes over several lines; expected one");
    return parseRecordData(type, entries[0]?.tokens ?? [], origin);
  } catch (error) {
    if (error instanceof ScanError) throw new RecordDataError(`the record's data has ${error.message}`);
    throw error;
  }
}
