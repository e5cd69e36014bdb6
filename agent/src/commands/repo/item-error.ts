import type { ItemError } from "@mycloud/backup/progress";

/** A surprise with one entry, for people. */
export function showItemError({ item, during, message }: ItemError): string {
  return `mycloud: ${item}: ${during}: ${message}`;
}

/** The same as a line of JSON, in restic's form. */
export function itemErrorMessage({ item, during, message }: ItemError): string {
  return JSON.stringify({ message_type: "error", error: { message }, during, item });
}
